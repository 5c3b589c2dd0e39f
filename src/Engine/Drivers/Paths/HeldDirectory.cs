using System.Runtime.Versioning;
using Actors.Engine.Drivers.Blocking;

namespace Actors.Engine.Drivers.Paths;

/// <summary>
/// The directory that a path is in, open from before something is done in it until that is durable. It is the one that
/// the kernel means, and stays so whatever becomes of the path. What can fail for want of a descriptor fails before
/// anything is done.
/// </summary>
[SupportedOSPlatform("linux")]
internal sealed class HeldDirectory : IDisposable
{
    private readonly ILinuxPaths _paths;
    private readonly bool _canSync;

    /// <param name="paths">System calls.</param>
    /// <param name="name">Of the directory.</param>
    /// <param name="path">What is to be done something to, for the message.</param>
    /// <param name="forSync">Whether it is to be synced.</param>
    public HeldDirectory(ILinuxPaths paths, byte[] name, string path, bool forSync = true)
    {
        const int Here = LinuxPaths.WorkingDirectory;
        _paths = paths;
        Descriptor = forSync ? paths.Open(Here, name, LinuxPaths.ReadDirectory) : -Errno.EACCES;
        _canSync = Descriptor >= 0;
        if (Descriptor == -Errno.EACCES)
        {
            // One may be allowed to change a directory that one is not allowed to read.
            Descriptor = paths.Open(
                Here, name, LinuxFiles.PathOnly | LinuxFiles.CloseOnExec | LinuxPaths.DirectoryOnly);
        }

        SystemCallException.Check(Descriptor, "open the directory of", path);
    }

    public int Descriptor { get; }

    /// <summary>Makes durable what was done in it; 0 or a negative errno. A file system that has no such thing as a sync
    /// of a directory, and says so by one of these, has done what it can.</summary>
    public int Sync()
    {
        var error = _canSync ? _paths.Sync(Descriptor) : -Errno.EACCES;
        return error is -Errno.EINVAL or -Errno.EOPNOTSUPP or -Errno.ENOSYS or -Errno.EBADF ? 0 : error;
    }

    public void Dispose() => _paths.Close(Descriptor);
}
