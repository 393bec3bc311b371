import type { Messages } from './messages.ts'

export const finding = {
  'no-network': 'このコンピューターはネットワークにつながっていません。',
  network: 'ネットワークに接続しています: {interfaces}。',
  'not-listening': 'ネットワークを調べない設定で起動しています。',
  multicast: 'ネットワーク内の通知を受信しています: {count} 件。',
  'no-multicast': 'ネットワーク内で名乗り出るものがありません。',
  foreign: '{title}（{make}）が {address} に見えますが、この機種はまだ操作できません。',
  'not-address': '入力されたものはアドレスではありません。',
  'other-network': '{host} はこのコンピューターのネットワーク内にありません。',
  'port-open': '{host} はポート {port} で応答します。',
  'port-closed': '{host}、ポート {port}: {reason}',
  http: '{why} Gantry は {make} に対応しています。',
  'http-nothing': '応答はありますが、Gantry が対応する機種ではありません。',
  'http-failed': 'プリンターとしての応答がありません。{reason}',
  'line-up': '接続済みで、キーも受け付けられています。',
  'line-connecting': '接続しているところです。',
  'line-down': '接続できていません。{reason}',
  ports: 'シリアルポート: {ports}。',
  'no-ports': 'シリアルポートがありません。',
  'ports-unknown': 'シリアルポートの一覧を取得できません。',
  'not-printer': '{port}: {why}',
  'may-open': 'このユーザーはシリアルポートを開けます（グループ {group}）。',
  'may-not-open': 'このユーザーはグループ {group} に属していないため、シリアルポートを開けません。',
  'port-held': '{port} は {holder} が使用中です。',
  'port-grabbed': '{port} は、新しいポートを必ず開く {holder} が使用中です。',
  'no-udevadm': 'udevadm がないため、カーネルからポートを読み取ります。',
} as const satisfies Messages['finding']

export const findingTodo = {
  'no-network': 'ネットワークケーブルをつなぐか、プリンターと同じ Wi-Fi に接続してください。',
  'not-listening': '「discovery: false」を外して起動するか、アドレスを入力してください。',
  'no-multicast':
    'ゲスト Wi-Fi やファイアウォールが通知を止めていることがあります。UDP ポート 5353 を許可するか、アドレスを入力してください。',
  foreign: '使える方法は「プリンターを追加」に表示されます。',
  'not-address': 'プリンターの画面にあるとおりに、名前やパスワードを付けずに入力してください。',
  'other-network': 'プリンターのネットワークに接続するか、ルーターの設定を確認してください。',
  'http-nothing': 'プリンター本体のアドレスですか。',
  'line-connecting': '30 秒ほど待って、もう一度確認してください。',
  'no-ports':
    'プリンターの電源は入っていますか。充電専用の USB ケーブルもあるため、別のケーブルを試してください。',
  'ports-unknown': 'Gantry を再起動してください。',
  'may-not-open': '「sudo usermod -aG {group} $USER」を実行し、ログインし直してください。',
  'port-held': '{holder} を終了してください。',
  'port-grabbed': '{holder} を削除または停止し、プリンターを挿し直してください。',
} as const satisfies Messages['findingTodo']

export const linkReason = {
  refused: '機器はありますが、このポートでは応答がありません。',
  'no-name': 'その名前の機器はネットワーク内にありません。',
  unreachable: '到達できません。',
  silent: '時間内に応答がありません。',
  key: 'キーが受け付けられません。',
  'something-else': '別のものが応答しています。',
  broke: '接続が切れました。',
  certificate: '証明書を信頼できません。',
  redirected: '別のアドレスへ転送しようとしています（Gantry は従いません）。',
  'too-large': 'プリンターとしては大きすぎる応答です。',
  'port-missing': 'ポートがありません。',
  'port-forbidden': 'ポートを開く権限がありません。',
  'port-busy': '別のプログラムがポートを使っています。',
  unplugged: 'ケーブルが抜かれたか、電源が切られました。',
  busy: '別の処理をしています。',
  bug: 'Gantry の不具合です。',
  other: '接続が切れています。',
} as const satisfies Messages['linkReason']

export const linkTodo = {
  refused:
    'ポートと、サービスが動いているかを確認してください。OctoPrint は 80 か 5000、Moonraker は 7125、PrusaLink は 80 か 8080 です。',
  'no-name': '名前は正しいですか。プリンターの電源は入っていますか。',
  unreachable: '電源、ネットワーク、アドレスを確認してください。',
  silent: '起動中でなければ、プリンターを再起動してください。',
  key: 'プリンターの設定でキーを入力し直してください。',
  'something-else': 'ブラウザーでアドレスを開き、何があるか確認してください。',
  broke: 'ネットワークと電源を確認してください。',
  certificate: 'アドレスを確認するか、自分のプリンターなら http を使ってください。',
  redirected: '転送先のアドレスを入力してください。',
  'too-large': 'プリンター本体のアドレスですか。',
  'port-missing': 'プリンターは接続され、電源が入っていますか。',
  'port-forbidden':
    '使用中のプログラムを終了してください。Linux では dialout か uucp グループに入り、ログインし直してください。',
  'port-busy': 'ポートを使っているスライサーなどを終了してください。',
  unplugged: 'もう一度接続してください。',
  busy: '終わるまで待ってください。',
  bug: '設定で診断ファイルを保存し、報告してください。',
  other: '電源とケーブルを確認してください。',
} as const satisfies Messages['linkTodo']
