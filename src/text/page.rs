//! What stands in `index.html`.

texts! {
    PAGE_TITLE = "Undertone: the mood of a song, and why", "Undertone：一首歌的情绪，以及为什么";
    SKIP = "Skip to the songs", "跳到歌曲";
    LANGUAGE = "Language", "语言";
    UPDATE = "New version: reload", "有新版本：重新加载";
    UPDATE_WAITS = "Reloads when all is done", "全部完成后重新加载";
    RETRY = "Try again", "重试";
    NO_SCRIPT = "Undertone computes on your machine and needs JavaScript and WebAssembly for that. Please allow both for this page.", "Undertone 在您的设备上进行计算，因此需要 JavaScript 和 WebAssembly。请允许本页使用这两项。";
    START_FAILED = "Undertone could not start: {detail}. Reload the page, or open it in a current browser.", "Undertone 无法启动：{detail}。请重新加载页面，或用较新的浏览器打开。";
    NO_WASM = "this browser has no WebAssembly, or it is switched off", "此浏览器没有 WebAssembly，或已将其关闭";

    QUESTION = "What mood is this song in?", "这首歌是什么情绪？";
    LEDE = "Sad, calm, happy or energetic: two judges listen to the song and say why.", "悲伤、平静、快乐还是激昂：两位评委聆听歌曲，并说明理由。";
    CHOOSE_SONGS = "Choose songs", "选择歌曲";
    DROP_HINT = "or drop them anywhere on this page", "或者把它们拖放到页面的任何位置";
    FORMATS = "MP3, M4A, FLAC, OGG, Opus or WAV, from 3 seconds to 4 hours (M4A and Opus: 90 minutes)", "MP3、M4A、FLAC、OGG、Opus 或 WAV，时长 3 秒至 4 小时（M4A 和 Opus：90 分钟）";
    PRIVACY = "Your songs never leave this machine: everything is computed right here, also without a network.", "您的歌曲不会离开这台设备：一切都在本机计算，没有网络也可以。";
    SHOW_LIMITS = "What it can't do", "它做不到什么";
    INSTALL_NOTE = "To install it, use your browser's menu (“Install” or “Add to home screen”); then it opens audio files and takes shared songs where the system has that.", "要安装它，请使用浏览器菜单（“安装”或“添加到主屏幕”）；之后在系统支持时，它可以打开音频文件并接收分享的歌曲。";
    SAMPLES_LABEL = "No song at hand? Try a sample:", "手边没有歌？试试示例：";
    DROP_COVER = "Drop to listen", "松开即可聆听";

    SONGS_HEADING = "Songs", "歌曲";
    DOWNLOAD_ALL = "Download all", "全部下载";
    SHARE_HEADING = "Keep or share this result", "保存或分享此结果";
    SAVE_PNG = "Picture (PNG)", "图片（PNG）";
    SAVE_SVG = "Picture (SVG)", "图片（SVG）";
    COPY_TEXT = "Copy as text", "复制为文本";
    SHARE = "Share …", "分享……";
    DOWNLOAD = "Download JSON", "下载 JSON";

    TITLE_SAD = "Sad", "悲伤";
    TITLE_CALM = "Calm", "平静";
    TITLE_HAPPY = "Happy", "快乐";
    TITLE_ENERGETIC = "Energetic", "激昂";

    FOLD_WHY = "Why, in detail", "详细理由";
    FOLD_FEATURES = "Tempo, key and all that was measured", "速度、调性及全部测量结果";
    MOODS_HEADING = "How likely each mood is", "每种情绪的可能性";
    WHY = "Why", "为什么";
    AFFECT_HEADING = "Where it lies", "所处位置";
    AROUSAL = "Arousal", "唤醒度";
    AROUSAL_RANGE = "drowsy to excited", "从困倦到兴奋";
    VALENCE = "Valence", "愉悦度";
    VALENCE_RANGE = "unpleasant to pleasant", "从不悦到愉悦";

    ALONG_HEADING = "Along the song", "随歌曲的变化";
    FROM_TOP = "From top:", "自上而下：";
    CHART_LABEL = "Mood probabilities along the song; the same numbers stand in the table below", "各种情绪的可能性随歌曲的变化；同样的数字列在下方表格中";
    AGAINST = "Against", "反对";
    EVIDENCE_LABEL = "What speaks for the verdict along the song, above the line, and against it, below; the same numbers stand in the table below", "歌曲中支持结论的部分在线上方，反对的部分在线下方；同样的数字列在下方表格中";
    BEATS = "Beats", "节拍";
    BEATS_LABEL = "The beats along the song", "歌曲中的节拍";
    MOMENT = "Moment", "时刻";
    SPECTROGRAM_LABEL = "Spectrogram: time from left to right, low notes below, high notes above", "频谱图：时间从左到右，低音在下，高音在上";
    BANDS_NOTE = "In the marked stretch: how far the network's evidence falls (for) or rises (against) when a band is replaced by its own mean over what was heard.", "在标出的片段中：把某个频段换成它在所听部分中的平均值时，神经网络的证据下降（支持）或上升（反对）多少。";
    AS_TABLE = "The same as a table", "以表格查看";
    TABLE_LABEL = "Moods along the song, table", "情绪随歌曲的变化，表格";
    TIME = "Time", "时间";
    WHAT_IT_IS = "What it is", "是什么";

    SPECTROGRAM_HEADING = "Spectrogram", "频谱图";
    ZOOM_GROUP = "Stretch the time of the spectrogram", "拉伸频谱图的时间";
    ZOOM_IN = "Stretch time", "拉伸时间";
    ZOOM_OUT = "Shrink time", "收缩时间";
    SHOW_MODELS = "Model cards", "模型卡片";

    SHOW_KEYS = "Keys", "快捷键";
    KEYS_HEADING = "Keys", "快捷键";
    KEY_SPACE = "Space", "空格";
    KEY_SPACE_NOTE = "play or pause", "播放或暂停";
    KEY_ARROWS_NOTE = "5 seconds back or on", "后退或前进 5 秒";
    KEY_TAB_NOTE = "to the next control", "到下一个控件";
    KEY_ESCAPE_NOTE = "cancel the song that is being judged, or close", "取消正在评判的歌曲，或关闭";
    KEY_HELP_NOTE = "this list", "本列表";
    CLOSE = "Close", "关闭";

    FEATURES_HEADING = "What was measured", "测量结果";
    FEATURE_ERRORS = "± and the hatched part of a bar: how far the estimate lies, on average, from the scores of another program that it learnt to give, on songs that it did not learn from.", "± 和条形中的斜线部分：在未参与学习的歌曲上，估计值与它所模仿的另一程序的评分平均相差多少。";

    JUDGES_HEADING = "The judges", "各位评委";
    NETWORK = "Network", "神经网络";
    NETWORK_NOTE = "hears the sound", "聆听声音";
    ENSEMBLE = "Ensemble", "集成模型";
    ENSEMBLE_NOTE = "weighs musical features", "权衡音乐特征";

    ABOUT_HEADING = "About Undertone", "关于 Undertone";
    HOW_HEADING = "How it works", "工作原理";
    HOW_JUDGES = "Your browser decodes the song. Undertone brings it to the loudness of a streaming service, so that the volume knob changes no mood, and two judges look at it. A network of convolutions, transformer layers and a bidirectional LSTM, most of which was trained on two million sounds of every kind, hears it second by second; of a long song the small network hears parts, spread evenly. An ensemble of a support vector machine, a decision tree and a random forest weighs what a musician would name: tempo, key, loudness, brightness and more. Both answers are joined into one: the less the song is like those that the ensemble learnt from, the more the network counts. What is speech, noise, a tone or silence is called that, and has no mood.", "浏览器先解码歌曲。Undertone 把它调整到流媒体服务的响度，使音量旋钮不会改变情绪，然后由两位评委考察：由卷积层、自注意力层和双向 LSTM 组成的神经网络（大部分用两百万段各类声音训练）逐秒聆听；较长的歌曲，小型神经网络只听均匀分布的若干部分。由支持向量机、决策树和随机森林组成的集成模型权衡音乐家会提到的东西：速度、调性、响度、明亮度等等。两个答案合成一个：歌曲与集成模型学过的歌曲越不相像，神经网络的分量就越重。讲话、噪声、持续的音和静音会照实说明，它们没有情绪。";
    HOW_FEATURES = "Tempo, beats, key, loudness and their like are measured by formulas of music research; energy, musical positiveness and the other bars from 0 to 1 come from a model that learned the scores of another program. The reasons say how far each group of features moved the ensemble, and where along the song, and in which part of the sound, the network found its evidence.", "速度、节拍、调性、响度之类用音乐研究中的公式测量；能量、音乐积极度等 0 到 1 的条形来自一个模型，它学习的是另一程序的评分。理由说明每组特征把集成模型推动了多远，以及神经网络在歌曲的何处、在声音的哪一部分找到了证据。";
    HOW_MOODS = "The four moods are the quarters of the arousal and valence plane: happy is pleasant and excited, energetic is tense and excited, sad is unpleasant and drowsy, calm is pleasant and drowsy.", "四种情绪是唤醒度与愉悦度平面的四个象限：快乐是愉悦而兴奋，激昂是紧张而兴奋，悲伤是不悦而困倦，平静是愉悦而困倦。";
    LIMITS_HEADING = "What it can't do", "它做不到什么";
    LIMIT_DISAGREE = "Listeners disagree about moods, and so do the labels that the judges learned from. Where the answer is flat or the judges are apart, the verdict is “unsure”.", "听众对情绪的看法不一，评委学习所用的标注也是如此。当答案不突出或评委意见相左时，结论为“不确定”。";
    LIMIT_LYRICS = "Lyrics are not understood: a cheerful tune with bitter words counts as cheerful.", "它不理解歌词：曲调欢快而词意苦涩的歌仍算欢快。";
    LIMIT_PERCEIVED = "The mood is that which listeners perceive in the music, not what it will make you feel.", "这里的情绪是听众从音乐中听出的情绪，而不是它会让您产生的感受。";
    LIMIT_TEMPO = "A tempo may be heard twice too fast or too slow (one piece in twenty of our test), a key as a close relative (one in eight).", "速度可能被听成快一倍或慢一半（我们的测试中二十首有一首），调性可能被听成近关系调（八首有一首）。";
    LIMIT_SONGS = "Songs under 3 seconds or over 4 hours (M4A and Opus: 90 minutes), silent songs, and formats that your browser can't decode (often WMA, ALAC) get no verdict.", "短于 3 秒或长于 4 小时的歌曲（M4A 和 Opus：90 分钟）、无声的歌曲，以及浏览器无法解码的格式（常见的有 WMA、ALAC）得不到结论。";
    MODELS_HEADING = "The models", "模型";
    MODELS_PENDING = "The model cards appear here as soon as the models are loaded.", "模型加载完成后，模型卡片会显示在这里。";
    PRIVACY_HEADING = "Privacy and offline use", "隐私与离线使用";
    PRIVACY_NOTE = "There is no server behind this page, no account, no counter and no cookie. Its content policy forbids the page to talk to any other origin. Verdicts, never songs, are kept in this browser until you forget them. Once “Ready to work offline” stands above, it also opens and judges without a network, and you can install it like an app.", "本页背后没有服务器，没有账户，没有计数器，也没有 Cookie。内容安全策略禁止它与任何其他来源通信。评判结果（不含歌曲）保存在此浏览器中，直到您选择忘记。上方显示“可离线使用”之后，没有网络也能打开和评判，您还可以像应用一样安装它。";
    MODULE_HEADING = "For your own pages", "用于您自己的页面";
    MODULE_NOTE = "The same analysis is a JavaScript module: undertone.js beside this page takes a file and gives the report, without any server.", "同样的分析也是一个 JavaScript 模块：本页旁边的 undertone.js 接受文件并给出报告，不需要任何服务器。";
    MODULE_EXAMPLE = "An example with its source", "附源码的示例（英文）";
    LICENCES_HEADING = "Licences", "许可证";
    LICENCES_NOTE = "Undertone is free software under the MIT or the Apache 2.0 licence, as you prefer. The sample songs are under Creative Commons licences. The models' licences stand on their cards.", "Undertone 是自由软件，您可选择 MIT 或 Apache 2.0 许可证。示例歌曲采用知识共享许可证。模型的许可证写在各自的卡片上。";
    CREDITS = "Artists and sources of the sample songs", "示例歌曲的作者与来源";

    MODEL_RESULTS = "Results of this model", "此模型的成绩";
    LEARNED_FROM = "Learned from", "学习资料";
    LIMITS = "Limits", "局限";
}
