using Actors.Engine.Drivers;
using Actors.Engine.Drivers.Blocking;

namespace Actors.Engine.Tests.Scenario;

/// <summary>The system's calls about open files, which do not come back from when they are held until they are let
/// go.</summary>
internal sealed class HeldQuestions : IFileCalls, IDisposable
{
    private readonly ManualResetEventSlim _letGo = new(initialState: true);
    private int _held;

    /// <summary>How many were held so far.</summary>
    public int Held => Volatile.Read(ref _held);

    /// <summary>Whether the length is not told: EIO.</summary>
    public bool HidesLength { get; set; }

    public void Hold() => _letGo.Reset();

    public void LetGo() => _letGo.Set();

    public int TryGetFacts(int file, out FileFacts facts) => Kernel().TryGetFacts(file, out facts);

    public int TryStat(int file, out FileStatus? status) => Kernel().TryStat(file, out status);

    public int TryGetLength(int file, out long length)
    {
        length = 0;
        return HidesLength ? -Errno.EIO : Kernel().TryGetLength(file, out length);
    }

    public bool CanTryBufferedWrites(int file) => Kernel().CanTryBufferedWrites(file);

    public int MakeBlocking(int file, bool direct, ref bool appends) =>
        Kernel().MakeBlocking(file, direct, ref appends);

    public bool AreSame(int one, int other) => Kernel().AreSame(one, other);

    public int TryLock(int file) => Kernel().TryLock(file);

    public void Dispose() => LetGo();

    private IFileCalls Kernel()
    {
        if (!_letGo.IsSet)
        {
            Interlocked.Increment(ref _held);
            _letGo.Wait();
        }

        return SystemCalls.Platform.Files;
    }
}
