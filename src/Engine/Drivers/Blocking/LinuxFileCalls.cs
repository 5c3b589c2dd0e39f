using System.Runtime.Versioning;

namespace Actors.Engine.Drivers.Blocking;

/// <summary>Asks the kernel.</summary>
[SupportedOSPlatform("linux")]
internal sealed class LinuxFileCalls : IFileCalls
{
    public int TryGetFacts(int file, out FileFacts facts) => LinuxFiles.TryGetFacts(file, out facts);

    public int TryStat(int file, out FileStatus? status)
    {
        var error = LinuxFiles.TryStat(file, out var info);
        status = error < 0 ? null : info.ToStatus();
        return error;
    }

    public int TryGetLength(int file, out long length)
    {
        var error = LinuxFiles.TryStatCached(file, out var info);
        length = error < 0 ? 0 : (long)info.Size;
        return error;
    }

    public bool CanTryBufferedWrites(int file) => LinuxFiles.CanTryBufferedWrites(file);

    public int MakeBlocking(int file, bool direct, ref bool appends) =>
        LinuxFiles.MakeBlocking(file, direct, ref appends);

    public bool AreSame(int one, int other) => LinuxFiles.AreSame(one, other);

    public int TryLock(int file) => LinuxFiles.TryLock(file);
}
