namespace Actors.Host.Tests.Hostile;

/// <summary>What a <see cref="PlantedEntry"/> is.</summary>
internal enum PlantedKind
{
    /// <summary>A regular file.</summary>
    File,

    /// <summary>A directory.</summary>
    Directory,

    /// <summary>A named pipe that nobody has open.</summary>
    Pipe,

    /// <summary>A symbolic link.</summary>
    Link,

    /// <summary>Another name of a file.</summary>
    HardLink,
}
