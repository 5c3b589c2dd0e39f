using Actors.Engine.Drivers.Blocking;

namespace Actors.Engine.Drivers.Paths;

/// <summary>
/// System calls on names, relative to an open directory, and on what they were opened as. The seam for faults below the
/// commands on paths; Linux only. Names end with a zero byte; failures are negative errnos; interrupted calls are
/// repeated where that is right, others may be short.
/// </summary>
internal interface ILinuxPaths
{
    int Open(int directory, ReadOnlySpan<byte> name, int flags, int mode = 0);

    /// <summary>What a file system tells only now is an error here; the descriptor is gone all the same.</summary>
    int Close(int file);

    int Stat(int directory, ReadOnlySpan<byte> name, bool followLinks, out Statx info);

    int Stat(int file, out Statx info);

    /// <inheritdoc cref="LinuxFiles.AreSame"/>
    bool AreSame(int one, int other);

    int MakeDirectory(int directory, ReadOnlySpan<byte> name, int mode);

    int RemoveDirectory(int directory, ReadOnlySpan<byte> name);

    int Unlink(int directory, ReadOnlySpan<byte> name);

    int Rename(int directory, ReadOnlySpan<byte> name, int newDirectory, ReadOnlySpan<byte> newName, bool overwrite);

    int MakeLink(ReadOnlySpan<byte> content, int directory, ReadOnlySpan<byte> name);

    /// <summary>What a symbolic link says, without a zero at the end; its length, cut to the buffer's.</summary>
    int ReadLink(int directory, ReadOnlySpan<byte> name, Span<byte> buffer);

    int SetMode(int file, int mode);

    int SetMode(int directory, ReadOnlySpan<byte> name, int mode);

    /// <summary>Gives an open file another's times.</summary>
    int SetTimes(int file, in Statx like);

    /// <summary>Gives a name, itself if it is a link, another's times.</summary>
    int SetTimes(int directory, ReadOnlySpan<byte> name, in Statx like);

    /// <summary>Fills a buffer with records of a directory's entries; bytes, 0 at the end.</summary>
    int ReadEntries(int directory, Span<byte> buffer);

    /// <summary>The path of the current directory; its length without the zero at the end.</summary>
    int GetWorkingDirectory(Span<byte> buffer);

    /// <summary>Makes a file share all of another's content.</summary>
    int Clone(int source, int target);

    /// <summary>Has the kernel copy from one file to another at the same position; bytes. 0 is the end, or a file system
    /// that cannot.</summary>
    long CopyRange(int source, int target, long position, long length);

    /// <summary>Bytes, 0 at the end.</summary>
    int Read(int file, Span<byte> buffer, long position);

    /// <summary>Bytes, which may be fewer than there are.</summary>
    int Write(int file, ReadOnlySpan<byte> data, long position);

    int SetLength(int file, long length);

    /// <summary>The next position at or after one that holds data; ENXIO when only a hole is left.</summary>
    long NextData(int file, long position);

    /// <summary>The next position at or after one that is in a hole, of which there is one at the end.</summary>
    long NextHole(int file, long position);

    int Sync(int file);

    /// <summary>Writes everything of a file system to its device.</summary>
    int SyncFileSystem(int file);
}
