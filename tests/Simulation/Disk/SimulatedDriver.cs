using Actors.Engine.Drivers;

namespace Actors.Simulation.Disk;

/// <summary>
/// A driver on a <see cref="SimulatedDisk"/>. An operation takes virtual time, takes effect at one moment of it and comes
/// back at a later one, so that operations overtake each other; what goes wrong is drawn from the disk's faults.
/// </summary>
internal sealed unsafe class SimulatedDriver(SimulatedDisk disk, TimeProvider clock, int depth) : IDriver
{
    private readonly List<Entry> _inFlight = [];
    private TimeSpan _wakeAt;

    public string Name => "simulated";

    public string Details => "files in memory, virtual time";

    public int Depth => depth;

    public int InFlight => _inFlight.Count;

    public IFileCalls Files => disk;

    /// <summary>True while the loop has nothing to do here before <see cref="NextEvent"/>.</summary>
    public bool IsAsleep { get; private set; }

    /// <summary>When something will happen by itself; the largest time when nothing will.</summary>
    public TimeSpan NextEvent
    {
        get
        {
            var next = IsAsleep ? _wakeAt : TimeSpan.MaxValue;
            foreach (var entry in _inFlight)
            {
                next = entry.NextEvent < next ? entry.NextEvent : next;
            }

            return next;
        }
    }

    private TimeSpan Now => clock.GetElapsedTime(0);

    public bool TryPerform(IoOperation operation)
    {
        if (!disk.Chance(disk.Faults.Inline))
        {
            return false;
        }

        disk.Perform(operation, disk.FileOf(operation)?.Changes ?? 0);
        return true;
    }

    public SubmitResult TrySubmit(IoOperation operation)
    {
        if (_inFlight.Exists(entry => entry.Operation == operation))
        {
            disk.Violations.Add($"a {operation.Kind} was submitted that is in flight already");
        }

        if (_inFlight.Count == depth || disk.Chance(disk.Faults.Busy))
        {
            return SubmitResult.Busy;
        }

        CheckAlone(operation);
        if (TryPerform(operation))
        {
            return SubmitResult.Completed;
        }

        var at = disk.Chance(disk.Faults.Stuck) ? TimeSpan.MaxValue : Now + disk.Latency();
        _inFlight.Add(new Entry(operation, at, disk.FileOf(operation)?.Changes ?? 0));
        return SubmitResult.Queued;
    }

    public void Flush()
    {
    }

    public int Reap(ICompletionSink sink)
    {
        IsAsleep = false;
        Settle();
        var ready = _inFlight.Where(entry => entry.IsPerformed && entry.NextEvent <= Now).ToArray();
        foreach (var entry in ready)
        {
            _inFlight.Remove(entry);
            sink.Complete(entry.Operation);
        }

        return ready.Length;
    }

    public void Wait(int timeout)
    {
        IsAsleep = true;
        _wakeAt = timeout < 0 ? TimeSpan.MaxValue : Now + TimeSpan.FromMilliseconds(timeout);
    }

    public void Wake() => _wakeAt = TimeSpan.Zero;

    public bool TryCancel(IoOperation operation)
    {
        var entry = _inFlight.Find(entry => entry.Operation == operation && !entry.IsPerformed);
        if (entry is null || !(entry.IsStuck || disk.Chance(disk.Faults.CancelWorks)))
        {
            return false;
        }

        operation.Result = -Errno.ECANCELED;
        entry.IsPerformed = true;
        entry.NextEvent = Now + disk.Latency();
        return true;
    }

    public void Dispose()
    {
        if (_inFlight.Count > 0)
        {
            disk.Violations.Add($"a driver was disposed of with {_inFlight.Count} operations in flight");
        }
    }

    /// <summary>Lets everything take effect whose time has come.</summary>
    public void Settle()
    {
        foreach (var entry in _inFlight.Where(e => !e.IsPerformed && e.NextEvent <= Now).OrderBy(e => e.NextEvent))
        {
            entry.CheckMemory(disk);
            disk.Perform(entry.Operation, entry.Changes);
            entry.IsPerformed = true;
            entry.NextEvent = Now + disk.Latency();
        }
    }

    /// <summary>Operations that never come back by themselves come back now.</summary>
    public void Unstick()
    {
        foreach (var entry in _inFlight.Where(entry => entry.IsStuck))
        {
            entry.NextEvent = Now;
        }
    }

    // Whatever orders a file's content or ends its descriptor is alone in the kernel with that file.
    private void CheckAlone(IoOperation operation)
    {
        static bool IsBarrier(IoKind kind) => kind is IoKind.Close or IoKind.Truncate or IoKind.Allocate;

        if (operation.File is not { } file)
        {
            return;
        }

        foreach (var entry in _inFlight)
        {
            if (ReferenceEquals(entry.Operation.File, file)
                && (IsBarrier(operation.Kind) || IsBarrier(entry.Operation.Kind)))
            {
                disk.Violations.Add($"a {operation.Kind} was submitted beside a {entry.Operation.Kind} of its file");
            }
        }
    }

    private sealed class Entry(IoOperation operation, TimeSpan at, long changes)
    {
        private readonly int _hash = HashOf(operation);

        public IoOperation Operation { get; } = operation;

        public long Changes { get; } = changes;

        /// <summary>When it takes effect; after that, when it comes back.</summary>
        public TimeSpan NextEvent { get; set; } = at;

        public bool IsPerformed { get; set; }

        public bool IsStuck => NextEvent == TimeSpan.MaxValue;

        public void CheckMemory(SimulatedDisk disk)
        {
            if (HashOf(Operation) != _hash)
            {
                disk.Violations.Add($"the memory of a {Operation.Kind} changed while it was in flight");
            }
        }

        private static int HashOf(IoOperation operation)
        {
            var hash = default(HashCode);
            if (operation.Kind == IoKind.Write)
            {
                hash.AddBytes(new ReadOnlySpan<byte>(operation.NextByte, (int)operation.NextLength));
            }

            return hash.ToHashCode();
        }
    }
}
