import type { Messages } from './messages.ts'

export const control: Messages['control'] = {
  move: '移動',
  home: '原点復帰',
  homeAxis: '{axis} を原点復帰',
  step: '移動量',
  mm: '{step} mm',
  position: '位置',
  notHomed: '原点未設定',
  extrude: '{step} mm 送る',
  retract: '{step} mm 引き戻す',
  heat: '加熱とファン',
  goal: '{name}、目標 °C',
  set: '設定',
  off: 'オフ',
  allOff: 'すべてオフ',
  preset: '{name} {nozzle} / {bed}',
  presets: 'プリセット',
  asked: '{value} を要求しました。プリンターはまだ確認していません。',
  fanSpeed: 'ファン %',
  macros: 'マクロ',
  coolDown: '冷却',
  motorsOff: 'モーター オフ',
  levelBed: 'ベッドの水平調整',
  saveSettings: '設定を保存',
  lockGone: '操作できません: プリンターに届きません。',
  lockUnknown: '操作できません: プリンターの状態が不明です。',
}

export const terminal: Messages['terminal'] = {
  title: 'ターミナル',
  open: 'ターミナルを開く',
  close: '閉じる',
  filter: '含む行だけ',
  quiet: '温度と生存確認を隠す',
  line: 'G コード 1 行',
  send: '送信',
  none: 'まだ何もありません。',
  refused: 'ターミナルを表示できません: {why}',
}

export const files: Messages['files'] = {
  title: 'プリンター内のファイル',
  streamTitle: 'ファイルを造形',
  none: 'プリンターにファイルはありません。',
  asking: 'プリンターに問い合わせています…',
  again: '再読み込み',
  print: '造形',
  printName: '{name} を造形',
  remove: '{name} を削除',
  sure: '{name} を完全に削除しますか?',
  yes: '削除',
  no: '残す',
  add: 'ファイルを送る',
  addPrint: 'ファイルを選んで造形',
  andPrint: '届いたら造形する',
  reading: '{name}: Gantry へ {percent}',
  sending: '{name}: プリンターへ {percent}',
  begun: '{name}: プリンターに伝えています…',
  cancel: 'キャンセル',
  failed: '前のファイルは届きませんでした: {why}',
}

export const manage: Messages['manage'] = {
  title: 'Gantry での設定',
  name: '名前',
  rename: '名前を変更',
  remove: 'Gantry から削除',
  sure: '{name} を削除しますか?',
  sureText:
    'Gantry 内の鍵と履歴は完全に削除されます。プリンター本体とそのファイルはそのままで、実行中の造形も続きます。',
  keep: '残す',
}

export const practice: Messages['practice'] = {
  title: 'わざと故障させる',
  text: 'このプリンターは模擬です。壊れません。',
  runout: 'フィラメント切れ',
  load: 'フィラメント装填',
  runaway: '熱暴走',
  cable: 'ケーブルを抜く',
  cableBack: 'ケーブルを戻す',
  move: 'アドレス変更',
  slow: '応答を遅く',
  rubbish: 'でたらめな応答',
  well: 'すべて元通り',
}
