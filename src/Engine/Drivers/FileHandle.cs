using Microsoft.Win32.SafeHandles;

namespace Actors.Engine.Drivers;

/// <summary>
/// An open file. On Linux a bare descriptor, so that it can be opened and closed through a ring; elsewhere the
/// runtime's handle. Closed by exactly one <see cref="IoKind.Close"/>, after everything in flight has come back.
/// </summary>
internal sealed class FileHandle
{
    public FileHandle(int descriptor) => Descriptor = descriptor;

    public FileHandle(SafeFileHandle handle)
    {
        Safe = handle;
        Descriptor = -1;
    }

    /// <summary>The file descriptor (Linux), or -1.</summary>
    public int Descriptor { get; }

    /// <summary>A character device: what is appended to it is written as it comes.</summary>
    public bool IsDevice { get; set; }

    /// <summary>What is written to it goes to the end unless the write says otherwise (O_APPEND and RWF_NOAPPEND).</summary>
    public bool AppendsByDefault { get; set; }

    /// <summary>False for a device that can only be read and written in sequence, such as a terminal.</summary>
    public bool HasPositions { get; set; } = true;

    /// <summary>A regular file whose transfers go through the page cache.</summary>
    public bool IsCached { get; set; }

    /// <summary>A regular file that said at open that it is empty. It may be one whose file system does not know its size
    /// (FUSE with direct_io): the kernel answers 0 to a ring's read of it without asking, as it does to AIO's
    /// (fuse_direct_IO, Linux 6.18). So a read that finds nothing is confirmed by a pread.</summary>
    public bool HasUnknownSize { get; set; }

    /// <summary>True when the kernel cannot try a write to it without blocking, so that a ring hands every one to a
    /// worker (Linux).</summary>
    public bool WritesNeedWorker { get; set; }

    /// <summary>A file whose transfers bypass the page cache.</summary>
    public bool IsDirect => Alignment.Offset > 1;

    /// <summary>What its transfers must keep to.</summary>
    public IoAlignment Alignment { get; set; } = IoAlignment.None;

    /// <summary>The runtime's handle where there is no bare descriptor.</summary>
    public SafeFileHandle? Safe { get; }
}
