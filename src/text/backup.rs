//! Backups, and how long the browser keeps what is kept.

texts! {
    SAVE_BACKUP = "Save a backup", "保存备份";
    RESTORE_BACKUP = "Restore a backup", "恢复备份";
    BACKUP_ABOUT = "A backup is one file with all verdicts, reports and what you said, without songs and spectrograms. Restoring adds to what is here: no song is lost, and what you said here stays.", "备份是一个文件，包含所有结论、报告和您的判断，不含歌曲和频谱图。恢复只会补充现有内容：不会丢失任何歌曲，您在此处的判断保持不变。";
    READING_BACKUP = "Reading the backup …", "正在读取备份……";
    RESTORED_ONE = "1 song came out of the backup.", "从备份中恢复了 1 首歌。";
    RESTORED_MANY = "{count} songs came out of the backup.", "从备份中恢复了 {count} 首歌。";
    KNOWN_ONE = "1 song was here already; what you said of it here stays.", "有 1 首歌原本就在；您在此处的判断保持不变。";
    KNOWN_MANY = "{count} songs were here already; what you said of them here stays.", "有 {count} 首歌原本就在；您在此处的判断保持不变。";
    RESTORED = "{restored} {known}", "{restored}{known}";
    RESTORE_INTERRUPTED = "The storage took only a part of the backup. What came out of it stays; make room and restore it again for the rest.", "存储空间只容下备份的一部分。已恢复的内容会保留；请腾出空间后再次恢复其余部分。";
    BACKUP_UNREADABLE = "The backup can't be read: {detail}. Nothing was changed.", "无法读取备份：{detail}。未作任何改动。";
    BACKUP_FOREIGN = "This file is no backup of Undertone. Choose one that “Save a backup” wrote; tables and other exports can't be restored. Nothing was changed.", "此文件不是 Undertone 的备份。请选择由“保存备份”写出的文件；表格和其他导出文件无法恢复。未作任何改动。";
    BACKUP_NEWER = "This backup comes from a newer version of this page. Reload the page, or open the newer one, and restore it there. Nothing was changed.", "此备份来自本页的较新版本。请重新加载本页或打开较新版本，再进行恢复。未作任何改动。";
    BACKUP_DAMAGED = "This backup is damaged: a part of it is missing or was changed. Nothing was put back; try another copy.", "此备份已损坏：其中一部分缺失或被改动。未恢复任何内容；请尝试另一份副本。";
    PERSISTENCE_GRANTED = "The browser has promised not to clear them by itself.", "浏览器已承诺不会自行清除它们。";
    PERSISTENCE_DENIED = "The browser has not promised to keep them: it may clear them when space runs short, or after days without a visit. Save a backup now and then.", "浏览器没有承诺保留它们：空间不足或多日未访问时可能会被清除。请不时保存备份。";
    PERSISTENCE_UNSUPPORTED = "This browser can't promise to keep them. Save a backup now and then.", "此浏览器无法承诺保留它们。请不时保存备份。";
}
