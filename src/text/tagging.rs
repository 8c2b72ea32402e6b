//! Tags that are written into files.

texts! {
    TAG_SELECTED = "Write into files …", "写入文件……";
    TAG_SHOWN = "Write into the file …", "写入文件……";
    TAGS_HEADING = "Write into files", "写入文件";
    TAGS_ABOUT = "Mood, BPM, key, and the certainty as a comment. A song that is unsure gets no mood, and what others wrote as a comment stays. A file changes only once its new contents are whole and proved to sound the same.", "写入情绪、BPM、调性，并以注释写入把握程度。不确定的歌曲不写情绪，他人写的注释保持不变。只有当新内容完整并证明声音不变时，文件才会改变。";
    TAGS_OVERWRITE = "Replace moods, BPM and keys that are there already", "替换已有的情绪、BPM 和调性";
    TAGS_CHANGES = "What changes", "改动内容";
    TAGS_FILE = "File", "文件";
    TAGS_FIELD = "Field", "项目";
    TAGS_BEFORE = "Before", "之前";
    TAGS_AFTER = "After", "之后";
    TAGS_COMMENT = "Comment", "注释";
    TAGS_NOTHING = "–", "–";
    TAGS_MORE = "Show more: {count} changes follow", "显示更多：还有 {count} 项改动";
    TAGS_WRITE = "Write", "写入";
    TAGS_COPY = "Save a copy", "保存副本";
    TAGS_STOP = "Stop", "停止";
    TAGS_LEND = "Lend the folder of these songs", "提供这些歌曲所在的文件夹";
    TAGS_COPY_NOTE = "The folder of this song is not lent to the page. It can save a copy, which you put in the file's place.", "本页没有获得这首歌所在的文件夹。可以保存副本，由您替换原文件。";
    TAGS_PROGRAM = "Where no folder can be lent, the program writes into whole libraries: export the songs as JSON, then run", "如果无法提供文件夹，可用程序写入整个曲库：先将歌曲导出为 JSON，再运行";

    TAGS_LOOKING = "Reading tags: {done} of {count} files.", "正在读取标签：{done} / {count} 个文件。";
    TAGS_WRITING = "Writing: {done} of {count} files.", "正在写入：{done} / {count} 个文件。";
    TAGS_COPIED = "A copy with the tags was saved; the file itself is as it was.", "已保存带标签的副本；原文件保持不变。";
    WOULD_CHANGE_ONE = "1 file would change", "1 个文件将会改变";
    WOULD_CHANGE_MANY = "{count} files would change", "{count} 个文件将会改变";
    TAGGED_ONE = "1 file was written", "已写入 1 个文件";
    TAGGED_MANY = "{count} files were written", "已写入 {count} 个文件";
    SAME_ONE = "1 needs no change", "1 个无需改动";
    SAME_MANY = "{count} need no change", "{count} 个无需改动";
    CANNOT_ONE = "1 can't be written", "1 个无法写入";
    CANNOT_MANY = "{count} can't be written", "{count} 个无法写入";
    LEFT_ONE = "1 was left as it is", "1 个保持原样";
    LEFT_MANY = "{count} were left as they are", "{count} 个保持原样";

    OBSTACLE = "{reason}: {files}", "{reason}：{files}";
    FILES_AND_MORE = "{files} and {count} more", "{files}等，另有 {count} 个";
    TAG_NOT_FOUND = "The file is not at hand; lend its folder, or drop it again", "文件不在手边；请提供其所在文件夹，或再次拖入";
    TAG_GONE = "The file is not there any more", "文件已不存在";
    TAG_REFUSED = "The browser may not write there: the folder was withdrawn, or you said no", "浏览器无权写入：文件夹已被收回，或您拒绝了写入";
    TAG_READ_ONLY = "The file is locked or write-protected", "文件已锁定或受写保护";
    TAG_FULL = "The disk is full; make room, then write again", "磁盘已满；请腾出空间后重新写入";
    TAG_NOT_LENT = "The folder is not lent", "未提供文件夹";
    TAG_UNWRITTEN = "The browser did not write it ({detail})", "浏览器未能写入（{detail}）";
    TAG_CHANGED = "Changed since it was judged; judge it again", "评判之后文件已更改；请重新评判";
    TAG_UNREADABLE = "The file can't be read ({detail})", "无法读取文件（{detail}）";
    TAG_TOO_LARGE = "Larger than 1 GB, more than a browser holds", "超过 1 GB，浏览器无法容纳";
    TAG_NO_TAGS = "No tags can be written in this format ({detail})", "此格式无法写入标签（{detail}）";
    TAG_UNHEARD = "It can't be told whether it would sound the same ({detail})", "无法确定声音是否保持不变（{detail}）";
    TAG_SOUNDS_OTHERWISE = "With the tags it would sound otherwise", "写入标签后声音会改变";
    TAG_LOST = "The tagger failed ({detail}); reload the page and try again", "写入程序出错（{detail}）；请重新加载页面再试";
    TAG_STOPPED = "Stopped before its turn", "尚未轮到即已停止";
}
