namespace Actors.Engine.Drivers.Paths;

/// <summary>d_type of a directory's entry (dirent.h).</summary>
internal enum EntryType : byte
{
    /// <summary>The file system does not say.</summary>
    Unknown = 0,
    Pipe = 1,
    CharacterDevice = 2,
    Directory = 4,
    BlockDevice = 6,
    File = 8,
    SymbolicLink = 10,
    Socket = 12,
}
