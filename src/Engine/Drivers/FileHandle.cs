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

    /// <summary>A regular file whose transfers go through the page cache.</summary>
    public bool IsCached { get; set; }

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
