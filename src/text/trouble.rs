//! What can go wrong, and what to do about it.

use super::Language;

texts! {
    EMPTY = "the file holds no sound; check that it was saved or downloaded completely", "文件中没有声音；请检查它是否完整保存或下载";
    UNDECODABLE = "the file can't be decoded as audio ({detail}); convert it to MP3, FLAC, OGG, M4A or WAV", "无法将文件解码为音频（{detail}）；请转换为 MP3、FLAC、OGG、M4A 或 WAV";
    DAMAGED = "only {percent} % of the sound can be read, the rest is damaged; get another copy of the file", "只能读取 {percent}% 的声音，其余已损坏；请另取一份文件";
    NO_AUDIO = "the file has no sound track; choose a file with sound", "文件没有音轨；请选择有声音的文件";
    TOO_SHORT = "the sound is {seconds} s long; a mood needs at least {minimum} s", "声音长 {seconds} 秒；判断情绪至少需要 {minimum} 秒";
    TOO_LONG = "the sound is {minutes} minutes long; at most {maximum} minutes fit in memory: cut it into parts", "声音长 {minutes} 分钟；内存最多容纳 {maximum} 分钟：请分成几段";
    SILENT = "the song is silent (level {level} dBFS, expected at least {minimum} dBFS); check the recording", "歌曲没有声音（电平 {level} dBFS，至少应为 {minimum} dBFS）；请检查录音";
    NOT_FINITE = "sample {index} of channel {channel} is not a number; export the file again", "声道 {channel} 的第 {index} 个采样不是数字；请重新导出文件";
    UNSUPPORTED_RATE = "the sample rate is {rate} Hz; expected {minimum} to {maximum} Hz", "采样率为 {rate} Hz；应为 {minimum} 至 {maximum} Hz";
    UNSUPPORTED_CHANNELS = "the file has {channels} channels; expected 1 to {maximum}", "文件有 {channels} 个声道；应为 1 至 {maximum} 个";
    UNEQUAL_CHANNELS = "channel {channel} has {got} samples; expected {expected}, as in the first", "声道 {channel} 有 {got} 个采样；应与第一个声道一样为 {expected} 个";
    CANCELLED = "cancelled", "已取消";
    INTERNAL = "{step} failed ({detail}); please report this song", "{step}失败（{detail}）；请反馈这首歌";

    MODEL_MISSING = "the model file {name} is missing ({detail}); reload the page or install it again", "缺少模型文件 {name}（{detail}）；请重新加载页面或重新安装";
    MODEL_SIZE = "the model file {name} has {got} bytes, its card says {expected}; it is truncated or of another version: reload the page", "模型文件 {name} 有 {got} 字节，而卡片上是 {expected}；它不完整或版本不符：请重新加载页面";
    MODEL_HASH = "the model file {name} does not match its card (SHA-256 {got}, expected {expected}); reload the page", "模型文件 {name} 与卡片不符（SHA-256 为 {got}，应为 {expected}）；请重新加载页面";
    MODEL_FRONT_END = "the model {name} expects {field} = {got}, this version of Undertone computes {expected}; update the page or the model", "模型 {name} 要求 {field} = {got}，而此版本的 Undertone 计算 {expected}；请更新页面或模型";
    MODEL_INVALID = "the model file {name} can't be read ({detail}); reload the page or install it again", "无法读取模型文件 {name}（{detail}）；请重新加载页面或重新安装";
    MODEL_RUN = "the model {name} failed while running ({detail})", "模型 {name} 运行失败（{detail}）";

    JUDGES_LOST = "The judges can't be started ({detail}). Check the connection, then try again.", "无法启动评委（{detail}）。请检查网络连接，然后重试。";
    SENTENCE = "{text}.", "{text}。";
    SAMPLE_LOST = "The sample {title} can't be fetched ({detail}).", "无法获取示例 {title}（{detail}）。";
    NOT_SAVED = "The file could not be saved ({detail}).", "无法保存文件（{detail}）。";
}

/// Details of errors that the page itself writes. Errors carry them in English, as they
/// stand in files; [`detail`] finds them again. What a browser says stays as it is.
pub mod details {
    texts! {
        IS_PICTURE = "it is a picture", "这是图片";
        IS_PDF = "it is a PDF document", "这是 PDF 文档";
        IS_ARCHIVE = "it is an archive; unpack it first", "这是压缩包，请先解压";
        IS_MIDI = "it is a MIDI file, which holds notes, not sound", "这是 MIDI 文件，其中只有音符而没有声音";
        IS_WEB_PAGE = "it is a web page, perhaps saved instead of the song", "这是网页，可能误存成了歌曲";
        REFUSED = "this {format} file is damaged, or this browser does not decode it", "此 {format} 文件已损坏，或此浏览器无法解码";
        UNKNOWN_FORMAT = "it has no known sound format", "不是已知的声音格式";
        NOT_READ = "it could not be read: {detail}", "无法读取：{detail}";
        NO_ANSWER = "no answer for {seconds} s", "{seconds} 秒没有回应";
        NO_LOADER = "{file} can't be loaded", "无法加载 {file}";
        STATUS = "status {code}", "状态码 {code}";
        STEP_ANALYSIS = "the analysis", "分析";
        STEP_LOADING = "loading the judges", "加载评委";
        STEP_WORKER = "the worker", "后台程序";
        STEP_INBOX = "the worker's inbox", "后台程序的收件";
        STEP_YIELDING = "yielding", "让出处理器";
        STEP_LOUDNESS = "measuring the loudness", "测量响度";
        STEP_RESAMPLING = "resampling", "重采样";
        STEP_TEMPOGRAM = "the tempogram", "速度图";
        STEP_SPECTRUM = "the spectrum", "频谱";
    }
}

/// A detail of an error in that language, if it is one of [`details`]; otherwise as it is.
#[must_use]
pub fn detail(language: Language, english: &str) -> String {
    let found = match language {
        Language::English => None,
        Language::Chinese => details::ALL
            .iter()
            .find_map(|text| Some((text, text.read(english)?))),
    };
    match found {
        Some((text, [name, value])) => text.fill(language, &[(name, value)]),
        None => english.to_owned(),
    }
}
