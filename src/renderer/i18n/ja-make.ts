import type { Messages } from './messages.ts'

export const make: Messages['make'] = {
  marlin: 'Marlin',
  marlinLong: 'USB プリンター(Marlin, RepRap)',
  moonraker: 'Klipper',
  moonrakerLong: 'Klipper (Moonraker)',
  octoprint: 'OctoPrint',
  prusalink: 'PrusaLink',
  filament: '熱溶解積層',
}

export const faultName: Messages['faultName'] = {
  'thermal-runaway': 'ヒーター暴走',
  'heating-failed': '加熱できない',
  'sensor-fault': '温度センサー異常',
  killed: '自動停止',
  'filament-runout': 'フィラメント切れ',
  clog: 'ノズル詰まり',
  'door-open': '扉が開いている',
  'probe-failed': 'プローブ失敗',
  motion: '軸の異常',
  fan: 'ファン異常',
  media: 'ファイル読み取り不可',
  network: 'ネットワーク異常',
  'link-lost': '接続が切れた',
  resend: '通信の乱れ',
  'printer-reset': '再起動した',
  auth: '鍵の拒否',
  'unsupported-command': '未知の命令',
  'firmware-fatal': 'ファームウェア停止',
  'user-stop': '非常停止',
  other: '障害',
}

export const form: Messages['form'] = {
  address: 'アドレス',
  port: 'ポート',
  speed: '通信速度',
  apiKey: 'API キー',
  appKey: 'アプリケーションキー',
  user: 'ユーザー',
  password: 'パスワード',
  automatic: '自動検出',
  portHelp: 'プリンターがつながっているポート、またはシリアルブリッジの tcp://host:port。',
  speedHelp: '通常は Gantry が自動で見つけます。',
  moonrakerHelp: 'Moonraker のアドレス。通常はポート 7125: http://mainsail.local:7125',
  apiKeyHelp:
    'Moonraker がこのコンピューターを信頼していない場合のみ必要です。Mainsail や Fluidd の設定に表示されます。',
  octoprintHelp: 'ブラウザーで OctoPrint を開くときのアドレス: http://octopi.local',
  appKeyHelp: 'ここから OctoPrint に求めるか、設定の「Application Keys」からコピーしてください。',
  prusalinkHelp: 'プリンターの設定 → ネットワークに表示されます: http://192.168.1.20',
  userHelp: '本体に画面があるプリンターでは「maker」、Raspberry Pi では初期設定で決めた名前です。',
  passwordHelp: 'プリンターの設定 → ネットワーク → PrusaLink に表示されます。',
  moonrakerUserHelp: 'Moonraker やその前のプロキシがログインを求める場合のみ必要です。',
  proxyUserHelp: 'OctoPrint の前のプロキシが求める場合のみ必要です。',
  loginPasswordHelp: 'このユーザーのパスワードです。',
  prusalinkKeyHelp:
    'Raspberry Pi の PrusaLink の設定で API キーを作った場合、ユーザーとパスワードの代わりに使えます。',
}
