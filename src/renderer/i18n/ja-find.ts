import type { Messages } from './messages.ts'

export const why = {
  'may-be-anything': 'アドレスの先に何があるかは、問い合わせると分かります。',
  announces: '{what} と名乗っています。',
  'announces-borrowed': '{what} と名乗っています（PrusaLink も同じように名乗ります）。',
  'named-like': '名前から {what} と思われます。',
  answers: '{what} と同じ応答をします。',
  says: '{what} だと答えています。',
  'asks-password': '{what} と同じようにパスワードを求めます。',
  'serial-bridge': 'シリアルブリッジのアドレスです。先にプリンターがあるかもしれません。',
  'serial-port': 'シリアルポートです。',
  'usb-board': 'このポートは {what} のものです。',
  'usb-chip': '{what} チップのポートです（{makes} などが使用）。',
  'usb-unknown': 'シリアルポートです。何がつながっているかは分かりません。',
  'usb-unknown-of': '{what} のシリアルポートです。何がつながっているかは分かりません。',
  'usb-klipper': 'Klipper が動かす基板です。ネットワーク経由で Moonraker に接続してください。',
  'usb-boot-loader': 'ファームウェアを待っている基板です（{what}）。再起動するか書き込んでください。',
  'usb-helper-board': '{what}: プリンターの付属機器で、プリンターではありません。',
  'usb-other-language': '{what}: Gantry はこの機種の言語に対応していません。',
  'usb-modem': 'モデムまたは受信機（{what}）で、プリンターではありません。',
} as const satisfies Messages['why']

export const foreign = {
  text: 'この機種はまだ Gantry で操作できません。使える方法:',
  usb: 'USB で接続する（シリアルポートには対応しています）。',
  octoprint: 'OctoPrint を併設し、それを追加する。',
  moonraker: 'Moonraker を動かし、ポート 7125 で追加する。',
  slicer: 'メーカーのスライサーやアプリから印刷する。',
  stick: 'USB メモリーやカードでファイルを運ぶ。',
  'web-page': '本体のページをブラウザーで開く。',
  twin: '2 台の機器が同じものだと名乗っています。移動しても、どちらも追いかけません。',
} as const satisfies Messages['foreign']

export const whoNote = {
  moved: '{at} に {from} から移動しました。接続先は自動で切り替わりました。',
  'other-device':
    '別の機器が応答しています。{now} と名乗っていますが、このプリンターは {was} でした。アドレスとケーブルを確認してください。',
  'other-printer': 'ここで応答しているのは {owner} です。ケーブルやアドレスが入れ替わっていませんか。',
  'same-as':
    '{name} も同じシリアル番号 {serial} を名乗っています。同じプリンターなら、どちらかを削除してください。',
  'maybe-swapped':
    'このプリンターと {name} は同時に抜かれていました。シリアル番号がないため、それぞれ元の差し込み口にあるか確認してください。',
  'by-socket': 'シリアル番号がないため、USB の差し込み口で見分けています。同じ口に挿したままにしてください。',
  swapped: '入れ替わっている',
  right: 'このままで正しい',
} as const satisfies Messages['whoNote']
