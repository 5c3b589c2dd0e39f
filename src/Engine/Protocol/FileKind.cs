namespace Actors.Engine;

/// <summary>What an entry of the file system is.</summary>
public enum FileKind
{
    /// <summary>A regular file.</summary>
    File,

    /// <summary>A directory.</summary>
    Directory,

    /// <summary>A symbolic link, when it was not followed.</summary>
    SymbolicLink,

    /// <summary>A pipe, socket or device.</summary>
    Other,
}
