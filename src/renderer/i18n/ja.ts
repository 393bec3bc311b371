import type { Messages } from './messages.ts'

export const ja = {
  app: { name: 'Gantry', skip: '本文へ移動', sections: 'メニュー' },
  nav: {
    printers: 'プリンター',
    queue: '待ち行列',
    library: 'ライブラリ',
    fleet: 'フリート',
    apps: 'アプリ',
    settings: '設定',
  },
  engine: {
    asking: 'Gantry の動作を確認しています…',
    here: 'このコンピューターで Gantry が動いています',
    there: '{host} で Gantry が動いています',
    gone: '{time} から応答がありません',
  },
  palette: {
    find: '検索',
    title: '検索と操作',
    about: '画面や操作の名前を入力してください。',
    placeholder: 'どこへ移動しますか、何をしますか',
    nothing: '一致するものがありません。',
    screens: '画面',
    actions: '操作',
    theme: '外観',
    language: '言語',
  },
  theme: { system: 'システムに合わせる', light: 'ライト', dark: 'ダーク' },
  printers: {
    emptyTitle: 'プリンターはまだありません',
    emptyText:
      'この部屋のプリンターがここに並びます。何をしているか、いつ終わるか、手助けが必要かが分かります。',
  },
  queue: {
    emptyTitle: '待ち行列は空です',
    emptyText: '待機中と印刷中のジョブが、開始する順にここに並びます。まずプリンターが必要です。',
    toPrinters: 'プリンターへ移動',
  },
  library: {
    emptyTitle: 'ライブラリは空です',
    emptyText:
      '保存したモデルとスライス済みファイルがここに並び、すぐに印刷できます。まずプリンターが必要です。',
  },
  fleet: {
    emptyTitle: '今はこのコンピューターだけです',
    emptyText:
      '一つの Gantry が複数のコンピューターを管理すると、ここに並びます。この Gantry は自分自身だけを管理しています。',
  },
  apps: {
    emptyTitle: 'アクセスできるアプリはありません',
    emptyText:
      'ウェブページやプログラムがプリンターの表示や操作を求めると、Gantry はまずあなたに確認します。許可した内容はここに表示され、いつでも取り消せます。',
  },
  settings: {
    look: '外観と言語',
    theme: 'テーマ',
    language: '言語',
  },
  signIn: {
    title: 'サインイン',
    outTitle: 'このブラウザーはサインインしていません',
    outText:
      'Gantry が動いているコンピューターのターミナルで {command} と入力してください。一度だけ使えるサインイン用リンクが表示されます。',
    refusedTitle: 'このリンクは使用済みか、期限切れです',
    awayTitle: 'Gantry が応答しません',
    awayText:
      'プログラムが動いていないか、このコンピューターから接続できません。起動してからページを読み込み直してください。',
    noPrinters: '進行中の印刷に影響はありません。',
  },
  shortcuts: {
    title: 'キー操作',
    about: 'どの画面でも使えるキー操作です。',
    open: 'このキー一覧を表示',
    palette: '検索と操作',
    goTo: '{screen}へ移動',
  },
  problem: {
    title: 'この画面はありません',
    text: 'アドレス「{address}」に対応する画面は Gantry にありません。リンクが古いか、途中で切れている可能性があります。',
    back: 'プリンターへ戻る',
    crashTitle: 'この画面は動作を停止しました',
    crashText:
      'このページで問題が起きました。プリンターとジョブに影響はなく、Gantry は動き続けています。ページを読み込み直してください。',
    reload: '読み込み直す',
  },
} as const satisfies Messages
