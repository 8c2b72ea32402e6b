//! What was measured of a song.

texts! {
    NOT_MEASURED = "not measured", "未测得";
    NO_MODEL = "this version has no model for it", "此版本没有相应的模型";
    CONFIDENCE = "confidence {value}", "置信度 {value}";
    TEMPO_HALF = "{note}; some tap half as fast: {bpm}", "{note}；有人按一半打拍：{bpm}";
    TEMPO_DOUBLE = "{note}; some tap twice as fast: {bpm}", "{note}；有人按两倍打拍：{bpm}";

    KEY = "Key", "调性";
    KEY_MAJOR = "{tonic} major", "{tonic} 大调";
    KEY_MINOR = "{tonic} minor", "{tonic} 小调";
    KEY_OPEN = "between major and minor", "介于大调与小调之间";
    KEY_NEAREST = "nearest {key}", "最接近 {key}";
    NO_KEY = "no clear key", "没有明确的调";
    NO_KEY_NOTE = "no note stands out as its centre", "没有突出的中心音";
    TEMPO = "Tempo", "速度";
    BPM = "{value} BPM", "{value} BPM";
    NO_BEAT = "no steady beat was found", "没有找到稳定的节拍";
    TIME_SIGNATURE = "Time signature", "拍号";
    BEATS_A_BAR = "{value} beats a bar", "每小节 {value} 拍";
    NO_METRE = "needs beats that group clearly", "需要分组清楚的节拍";
    LOUDNESS = "Loudness", "响度";
    LUFS = "{value} LUFS", "{value} LUFS";
    LOUDNESS_NOTE = "range {range}\u{a0}LU, true peak {peak}\u{a0}dBTP", "响度范围 {range}\u{a0}LU，真峰值 {peak}\u{a0}dBTP";
    TOO_QUIET = "too quiet to be measured", "太轻，无法测量";
    DURATION = "Duration", "时长";
    DURATION_NOTE = "without the silence before and after", "不含首尾的静音";
    NOTHING_SOUNDS = "nothing sounds", "没有声音";

    BRIGHTNESS = "Brightness", "明亮度";
    HERTZ = "{value} Hz", "{value} Hz";
    BRIGHTNESS_NOTE = "centre of the spectrum", "频谱的重心";
    ONSETS = "Onsets", "起音";
    A_SECOND = "{value} a second", "每秒 {value} 个";
    ONSETS_NOTE = "notes and strokes that begin", "音符和敲击的开始";
    REGULARITY = "Rhythm regularity", "节奏规整度";
    OF_ONE = "{value} of 1", "{value}（满分 1）";
    REGULARITY_NOTE = "how much repeats at the beat", "随节拍重复的程度";
    BEATS = "Beats", "节拍";
    BEATS_NOTE = "in the whole song", "整首歌的总数";
    TUNING = "Tuning", "音准";
    CENTS = "{value} cents", "{value} 音分";
    ONE_CENT = "{value} cent", "{value} 音分";
    TUNING_NOTE = "against A4 = 440 Hz", "相对于 A4 = 440 Hz";
    DYNAMICS = "Dynamics", "力度变化";
    DECIBEL = "{value} dB", "{value} dB";
    DYNAMICS_NOTE = "from quiet to loud passages", "从轻到响的乐段";

    DANCEABILITY = "Danceability", "舞动性";
    DANCEABILITY_NOTE = "how well one could dance to it", "有多适合跳舞";
    ENERGY = "Energy", "能量";
    ENERGY_NOTE = "how intense it sounds", "听起来有多强烈";
    POSITIVENESS = "Musical positiveness", "音乐积极度";
    POSITIVENESS_NOTE = "how cheerful another program would call it", "另一程序会认为它有多欢快";
    ACOUSTICNESS = "Acousticness", "原声度";
    ACOUSTICNESS_NOTE = "how likely played without electronics", "不用电子设备演奏的可能性";
    INSTRUMENTALNESS = "Instrumentalness", "器乐度";
    INSTRUMENTALNESS_NOTE = "how likely nobody sings", "无人演唱的可能性";
    SPEECHINESS = "Speechiness", "语音度";
    SPEECHINESS_NOTE = "how much of it is spoken", "说话所占的多少";
    LIVENESS = "Liveness", "现场感";
    LIVENESS_NOTE = "how likely there is an audience", "有现场观众的可能性";
}
