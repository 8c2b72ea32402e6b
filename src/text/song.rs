//! What is said of a song: where it stands, its verdict, its moments and its judges.

texts! {
    SAD = "sad", "悲伤";
    CALM = "calm", "平静";
    HAPPY = "happy", "快乐";
    ENERGETIC = "energetic", "激昂";

    MUSIC = "music", "音乐";
    SPEECH = "speech", "人声讲话";
    NOISE = "noise", "噪声";
    TONE = "a tone", "持续的音";
    SILENCE = "silence", "静音";
    NO_MUSIC = "No music: {kind}", "不是音乐：{kind}";

    PERCENT = "{share}\u{a0}%", "{share}%";
    DOWNLOAD_SIZE = "One download of {total}: {judges} for the judges, {samples} of sample songs, {page} for the page. After that it works without a network.", "只需下载一次 {total}：评委 {judges}，示例歌曲 {samples}，页面 {page}。之后没有网络也能使用。";
    OFFLINE_READY = "Ready to work offline", "可离线使用";
    CANCEL = "Cancel", "取消";
    CANCEL_SONG = "Cancel {name}", "取消 {name}";
    PROGRESS_OF = "Progress of {name}", "{name} 的进度";
    ONE_SONG_ADDED = "1 song added", "已添加 1 首歌";
    SONGS_ADDED = "{count} songs added", "已添加 {count} 首歌";
    SONG_SAYS = "{name}: {text}", "{name}：{text}";
    SONG_CANCELLED = "{name} cancelled", "已取消 {name}";
    SONG_NO_VERDICT = "{name}: no verdict, {error}", "{name}：没有结论，{error}";

    WAITING = "Waiting", "等待中";
    DECODING = "Decoding", "解码中";
    DECODED = "Decoded, waiting for the judges", "已解码，等待评委";
    STOPPING = "Stopping", "正在停止";
    HANDING_OVER = "Handing over", "正在交给评委";
    STAGE_PROGRESS = "{stage}, {share}", "{stage}，{share}";
    STEP_INTAKE = "Measuring loudness", "测量响度";
    STEP_SPECTRUM = "Computing the spectrogram", "计算频谱";
    STEP_NETWORK = "Listening", "聆听";
    STEP_FEATURES = "Weighing tempo, key and more", "权衡速度、调性等";
    STEP_REASONS = "Finding the reasons", "寻找理由";
    JUDGED_PROGRESS = "{verdict}; finding the reasons, {share}", "{verdict}；正在寻找理由，{share}";
    REASONS_COME = "{moods}. The reasons are being worked out: {share}.", "{moods}。正在推求理由：{share}。";
    NO_VERDICT = "No verdict", "没有结论";
    NO_VERDICT_FOR = "No verdict: {error}", "没有结论：{error}";
    CANCELLED = "Cancelled", "已取消";
    LISTENING_NOW = "Listening …", "正在聆听……";
    WAITING_NOW = "Waiting …", "等待中……";
    UNSURE_BETWEEN = "Unsure: between {first} and {second}", "不确定：介于{first}与{second}之间";
    UNSURE_PERHAPS = "Unsure, perhaps {mood}", "不确定，也许是{mood}";
    LISTED = "{heard} (its file says {listed})", "{heard}（文件标称 {listed}）";
    JUDGED_IN = "{duration} long, judged in {seconds} s", "时长 {duration}，用时 {seconds} 秒";

    MODEL_LICENCE = "{file}, {size}, licence {licence}", "{file}，{size}，许可证 {licence}";
    HEAD_SPLIT = "Measured on", "测试集";
    HEAD_SONGS = "Songs", "歌曲数";
    HEAD_F1 = "Macro F1 (95 % interval)", "宏平均 F1（95% 区间）";
    HEAD_ACCURACY = "Accuracy", "准确率";
    HEAD_TARGET = "Estimate of", "估计对象";
    HEAD_R2 = "R² (95 % interval)", "R²（95% 区间）";
    HEAD_HELD_OUT = "R² on held-out songs", "留出歌曲上的 R²";
    INTERVAL = "{value} ({low} to {high})", "{value}（{low} 至 {high}）";
    OF_SONGS = "{value} ({count} songs)", "{value}（{count} 首）";
    DATA_SOURCE = "{name}: {train} songs or clips to learn from, {check} to check; {labels}; licence {licence}", "{name}：{train} 首歌曲或片段用于学习，{check} 首用于检验；{labels}；许可证 {licence}";

    AFFECT = "{arousal}, {valence}", "{arousal}，{valence}";
    DROWSY = "drowsy", "困倦";
    EXCITED = "excited", "兴奋";
    UNPLEASANT = "unpleasant", "不悦";
    PLEASANT = "pleasant", "愉悦";
    NEITHER = "neither {low} nor {high}", "介于{low}与{high}之间";
    SLIGHTLY = "slightly {word}", "略微{word}";
    RATHER = "rather {word}", "比较{word}";
    VERY = "very {word}", "非常{word}";

    AGREE = "Network and ensemble both hear {mood} first; their answers overlap by {share}.", "神经网络和集成模型都首先听到{mood}；答案重合 {share}。";
    DIFFER = "They differ: the network hears {network} first, the ensemble {ensemble}; their answers overlap by {share}.", "它们意见不同：神经网络首先听到{network}，集成模型首先听到{ensemble}；答案重合 {share}。";
    APART = "Furthest apart on {mood}: {network} by the network, {ensemble} by the ensemble.", "分歧最大的是{mood}：神经网络给出 {network}，集成模型给出 {ensemble}。";
    UNSURE_NOTE = "Unsure means that no mood stands out: {first} has {likely}, {second} {less}.", "“不确定”表示没有哪种情绪足够突出：{first} {likely}，{second} {less}。";
    UNSURE_BELOW = "{note} A verdict needs {least} or more; below that, too many were wrong in our tests.", "{note}结论至少需要 {least}；低于此值时，在我们的测试中错误太多。";
    PLAY = "Play", "播放";
    PAUSE = "Pause", "暂停";
    POSITION = "{at} of {duration}", "{at} / {duration}";
    NO_FILE = "{name} itself is not kept here: choose its file again to hear it.", "这里没有保存 {name} 本身：请重新选择该文件以便播放。";
    UNREADABLE = "{name} can't be read any more: it was moved, changed or deleted, or its drive is gone. Choose it again to hear it.", "无法再读取 {name}：它已被移动、修改或删除，或其所在的驱动器已断开。请重新选择该文件以便播放。";
    UNPLAYABLE = "This browser decodes {name} but can't play it. Convert it to MP3, OGG or WAV to hear it; the curve can be read moment by moment all the same.", "此浏览器能解码 {name}，但无法播放。如要播放，请将其转换为 MP3、OGG 或 WAV；曲线仍可逐个时刻查看。";
    ZOOM = "{times}×", "{times}×";
    SHARED_PLACE = "{duration}, {affect}", "{duration}，{affect}";
    COPIED = "The result is on the clipboard.", "结果已复制到剪贴板。";
    NOT_SHARED = "That did not work ({detail}).", "未能完成（{detail}）。";
    MOMENT_SHARE = "{mood} {share}", "{mood} {share}";
    MOMENT_SPEAKS = "{moment}; {evidence}", "{moment}；{evidence}";

    FOR_MOOD = "For {mood}", "支持{mood}";
    STRONGEST = "Most {mood} from {start} to {end}", "{start} 至 {end} 最显{mood}";
    MARKED_STRETCH = "{strongest} (the marked stretch)", "{strongest}（标出的片段）";
    SPEAKS_FOR = "speaks for {mood} ({value})", "支持{mood}（{value}）";
    SPEAKS_AGAINST = "speaks against {mood} ({value})", "反对{mood}（{value}）";
    VALUE_FOR = "{value} for {mood}", "{value}，支持{mood}";
    VALUE_AGAINST = "{value} against {mood}", "{value}，反对{mood}";
    BANDS_HEADING = "Which part of the sound speaks for {mood}", "声音的哪一部分支持{mood}";
    BAND_BASS = "bass", "低音";
    BAND_LOW_MIDS = "low mids", "中低音";
    BAND_HIGH_MIDS = "high mids", "中高音";
    BAND_TREBLE = "treble", "高音";
    BELOW = "below {high}", "{high} 以下";
    BETWEEN = "{low} to {high}", "{low} 至 {high}";
}
