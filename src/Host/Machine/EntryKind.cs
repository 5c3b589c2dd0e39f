namespace Actors.Host.Machine;

/// <summary>What is under a name.</summary>
internal enum EntryKind
{
    /// <summary>Nothing, or nothing that can be looked at; a followed link that leads nowhere.</summary>
    None,

    /// <summary>A regular file.</summary>
    File,

    /// <summary>A directory.</summary>
    Directory,

    /// <summary>A symbolic link, when links are not followed.</summary>
    Link,

    /// <summary>A pipe.</summary>
    Pipe,

    /// <summary>A character device, such as /dev/null or a terminal.</summary>
    Device,

    /// <summary>A socket or a block device.</summary>
    Other,
}
