//! Why: what was heard, and the sentences around it.

texts! {
    SLOW = "slow ({value} BPM)", "速度慢（{value} BPM）";
    MODERATE_PACE = "moderate pace ({value} BPM)", "速度适中（{value} BPM）";
    FAST = "fast ({value} BPM)", "速度快（{value} BPM）";
    NO_CLEAR_BEAT = "no clear beat", "没有明确的节拍";
    MAJOR_KEY = "major key ({value} major)", "大调（{value} 大调）";
    MINOR_KEY = "minor key ({value} minor)", "小调（{value} 小调）";
    NEAR_MAJOR = "key between major and minor (nearest {value} major)", "介于大调与小调之间（最接近 {value} 大调）";
    NEAR_MINOR = "key between major and minor (nearest {value} minor)", "介于大调与小调之间（最接近 {value} 小调）";
    NO_CLEAR_KEY = "no clear key", "没有明确的调";
    FEW_NOTES = "few notes ({value} a second)", "音符稀疏（每秒 {value} 个）";
    MEDIUM_NOTES = "a medium number of notes ({value} a second)", "音符疏密适中（每秒 {value} 个）";
    MANY_NOTES = "many notes ({value} a second)", "音符密集（每秒 {value} 个）";
    SOFT_ATTACK = "soft attack", "起音柔和";
    MEDIUM_ATTACK = "medium attack", "起音适中";
    STRONG_ATTACK = "strong attack", "起音有力";
    FREE_PULSE = "free pulse", "律动自由";
    MODERATE_PULSE = "moderate pulse", "律动适中";
    REGULAR_PULSE = "regular pulse", "律动规整";
    FEW_PITCHES = "few different pitches", "用音较少";
    USUAL_PITCHES = "a usual range of pitches", "用音一般";
    MANY_PITCHES = "many different pitches", "用音丰富";
    SLOW_PITCHES = "slowly changing pitches", "音高变化缓慢";
    STEADY_PITCHES = "steadily changing pitches", "音高变化平稳";
    QUICK_PITCHES = "quickly changing pitches", "音高变化迅速";
    DARK_SOUND = "dark sound", "音色暗";
    NEUTRAL_SOUND = "sound neither dark nor bright", "音色不暗不亮";
    BRIGHT_SOUND = "bright sound", "音色明亮";
    GENTLE_SOUND = "gentle sound", "声音轻柔";
    MEDIUM_SOUND = "sound of medium energy", "声音能量适中";
    POWERFUL_SOUND = "powerful sound", "声音有力";
    ELECTRIC_SOUND = "electric sound", "电声";
    HALF_ACOUSTIC_SOUND = "half acoustic sound", "半原声";
    ACOUSTIC_SOUND = "acoustic sound", "原声";
    EVEN_DYNAMICS = "even dynamics ({value} dB)", "力度均匀（{value} dB）";
    MODERATE_DYNAMICS = "moderate dynamics ({value} dB)", "力度变化适中（{value} dB）";
    WIDE_DYNAMICS = "wide dynamics ({value} dB)", "力度变化大（{value} dB）";
    NOT_MEASURED = "not measured", "未测得";

    SPEAKS_FOR = "{heard}: that speaks for {mood}.", "{heard}：这些支持{mood}。";
    NOTHING_SPEAKS = "No measured feature clearly speaks for {mood}.", "没有测得的特征明确支持{mood}。";
    SPEAKS_AGAINST = "Against it: {heard}.", "与之相反：{heard}。";
    TORN = "It may be {mood}, it may be {second}.", "可能是{mood}，也可能是{second}。";
    PULLS = "{heard}: that pulls towards {mood}.", "{heard}：这些偏向{mood}。";
    EAR_DECIDED = "By its features alone the song would be {features}; the network's ear decided.", "只看特征，这首歌会是{features}；神经网络的听觉作了决定。";
    FEATURES_DECIDED = "The network's ear alone would say {ear}; the features decided.", "只凭神经网络的听觉会是{ear}；特征作了决定。";
    BOTH_AGREE = "By its features alone the song would be {features}, by the network's ear {ear}; {mood} is what both can agree on.", "只看特征会是{features}，只凭神经网络的听觉会是{ear}；{mood}是双方都能接受的。";
    UNFAMILIAR = "Not much that the features were learnt from sounds like this song: the network's ear counts most here.", "特征所依据的歌曲很少有像这首的：这里神经网络的听觉最有分量。";
    NO_MUSIC = "What sounds here is {kind}, not music: it has no mood.", "这里听到的是{kind}，不是音乐，因此没有情绪。";

    FACTOR_TEMPO = "Tempo", "速度";
    FACTOR_RHYTHM = "Rhythm", "节奏";
    FACTOR_MODE = "Major or minor", "大调或小调";
    FACTOR_HARMONY = "Harmony", "和声";
    FACTOR_TIMBRE = "Sound colour", "音色";
    FACTOR_DYNAMICS = "Dynamics", "力度";
    CONTRIBUTIONS_HEADING = "What the features said for {mood}", "各项特征对{mood}的影响";
    POINT_FOR = "{points} point for {mood}", "{points} 个百分点，支持{mood}";
    POINTS_FOR = "{points} points for {mood}", "{points} 个百分点，支持{mood}";
    POINT_AGAINST = "{points} point against {mood}", "{points} 个百分点，反对{mood}";
    POINTS_AGAINST = "{points} points against {mood}", "{points} 个百分点，反对{mood}";
    CONTRIBUTIONS_NOTE = "How many percentage points each feature moved the ensemble against an average song. That song stands at {average} for {mood}; with the bars it adds up to {ensemble}.", "与一首普通的歌相比，每项特征把集成模型推动了多少个百分点。普通的歌{mood}的可能性为 {average}；加上各条形后为 {ensemble}。";
}
