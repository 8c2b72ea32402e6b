//! What is said around live sound.

texts! {
    LIVE_LISTEN = "Listen live", "实时聆听";
    LIVE_PRIVACY = "Nothing is recorded or sent: the last 30 seconds lie in this page's memory while it listens, and are gone when you stop.", "不录音，也不发送：聆听时，最近 30 秒只存在于本页的内存中，停止后即消失。";
    LIVE_MICROPHONE = "Microphone", "麦克风";
    LIVE_TAB = "Sound of a tab", "标签页的声音";
    LIVE_STOP = "Stop", "停止";
    LIVE_LEVEL = "Level", "音量";
    LIVE_PLANE = "Where the music lies on the plane of arousal and valence, and its path over the last minutes", "音乐在唤醒度与愉悦度平面上的位置，以及最近几分钟的轨迹";

    LIVE_CHOOSE = "What shall be listened to?", "要聆听什么？";
    LIVE_ASKING_MICROPHONE = "Your browser asks whether this page may use the microphone.", "浏览器正在询问是否允许本页使用麦克风。";
    LIVE_ASKING_TAB = "Your browser asks what to share. Choose a tab, and let its sound be shared, too.", "浏览器正在询问要共享什么。请选择一个标签页，并同时共享其声音。";
    LIVE_FIRST = "Listening: {least} seconds are needed, {heard} are there.", "正在聆听：需要 {least} 秒，已有 {heard} 秒。";
    LIVE_SILENT = "Nothing can be heard. Is it the right microphone, and is it switched on?", "听不到声音。是否选对了麦克风，并已打开？";
    LIVE_SILENT_TAB = "Nothing can be heard. Does the tab play, and is its sound shared?", "听不到声音。标签页是否在播放，并已共享其声音？";
    LIVE_LAST = "By the last {seconds} seconds. It goes on while you look at another tab.", "依据最近 {seconds} 秒。您查看其他标签页时也会继续。";
    LIVE_BEGUN = "Listening live. The first mood comes after 10 seconds.", "开始实时聆听。10 秒后给出第一个情绪。";
    LIVE_STOPPED = "Stopped listening. What was heard is gone.", "已停止聆听。听到的内容已清除。";
    LIVE_SAYS = "Live: {text}", "实时：{text}";

    LIVE_DENIED = "The microphone was refused. To allow it, open the site's settings beside the address above, then press “Microphone” again.", "麦克风被拒绝。要允许使用，请打开上方地址旁的网站设置，然后再按“麦克风”。";
    LIVE_NOT_SHARED = "Nothing was shared. Press “Sound of a tab” again and choose a tab whose sound is shared.", "没有共享任何内容。请再按“标签页的声音”，并选择一个共享声音的标签页。";
    LIVE_NO_MICROPHONE = "There is no microphone. Plug one in, or switch it on in the system's settings, then press “Microphone” again.", "没有麦克风。请接上麦克风，或在系统设置中启用，然后再按“麦克风”。";
    LIVE_BUSY = "The microphone can't be used; another program may have it. Close that, then press “Microphone” again.", "无法使用麦克风；可能正被另一个程序占用。请关闭该程序，然后再按“麦克风”。";
    LIVE_NO_SOUND = "What you shared has no sound. Choose a tab and tick that its sound is shared, too; some browsers share no sound.", "您共享的内容没有声音。请选择一个标签页，并勾选同时共享其声音；有些浏览器不能共享声音。";
    LIVE_INSECURE = "Browsers let only pages with HTTPS listen. Open this page by its https:// address.", "浏览器只允许使用加密连接的页面聆听。请通过加密地址打开本页。";
    LIVE_NO_MICROPHONE_API = "This browser does not let pages listen to a microphone. Try a current one.", "此浏览器不允许网页使用麦克风。请换用较新的浏览器。";
    LIVE_NO_TAB_API = "This browser does not share the sound of tabs. The microphone can hear your loudspeakers.", "此浏览器不能共享标签页的声音。麦克风可以听到您的扬声器。";
    LIVE_MICROPHONE_LOST = "The microphone is gone: it was unplugged, switched off or taken back. Press “Microphone” to go on.", "麦克风已断开：被拔出、关闭或收回。按“麦克风”继续。";
    LIVE_TAB_LOST = "The tab is not shared any more. Press “Sound of a tab” to go on.", "标签页已不再共享。按“标签页的声音”继续。";
    LIVE_UNJUDGED = "What is heard can't be judged: {error}", "无法评判听到的内容：{error}";
    LIVE_OTHER = "Your browser does not let this page listen: {detail}", "浏览器不允许本页聆听：{detail}";
}
