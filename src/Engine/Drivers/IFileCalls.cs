using Actors.Engine.Drivers.Blocking;

namespace Actors.Engine.Drivers;

/// <summary>
/// What is asked of an open descriptor besides transfers. It comes with the driver that opened the descriptor, for one
/// that keeps its files elsewhere than in the kernel knows them better. Results are 0 or a negative errno.
/// </summary>
internal interface IFileCalls
{
    int TryGetFacts(int file, out FileFacts facts);

    /// <summary>All that is known of it, for people.</summary>
    int TryStat(int file, out FileStatus? status);

    /// <summary>Its length as this kernel knows it; waits for no server (AT_STATX_DONT_SYNC, Linux 4.11).</summary>
    int TryGetLength(int file, out long length);

    /// <inheritdoc cref="LinuxFiles.CanTryBufferedWrites"/>
    bool CanTryBufferedWrites(int file);

    /// <inheritdoc cref="LinuxFiles.MakeBlocking"/>
    int MakeBlocking(int file, bool direct, ref bool appends);

    /// <inheritdoc cref="LinuxFiles.AreSame"/>
    bool AreSame(int one, int other) => true;

    /// <inheritdoc cref="LinuxFiles.TryLock"/>
    int TryLock(int file);
}
