using Actors.Engine.Drivers;
using Actors.Engine.Metrics;

namespace Actors.Engine.Scheduling;

/// <summary>
/// Admission to one driver: at most so many operations in flight, files without a place waiting first come first
/// served with one entry each, every completion weighed and short transfers resubmitted. Belongs to the shard, so it
/// outlives a restarted backend actor. On the shard's thread only.
/// </summary>
/// <remarks>
/// Fairness: a file that waits gets one operation through per turn and goes to the end of the queue when it has more.
/// What becomes of the driver when it throws is in <see cref="DriverReplacement"/>, and of its operations in
/// IoScheduler.Failures.cs.
/// </remarks>
internal sealed partial class IoScheduler : ICompletionSink, IDisposable
{
    /// <summary>Milliseconds without a completion, with operations in flight, after which the driver is to add
    /// workers.</summary>
    private const int StalledAfter = 1_000;

    private readonly DriverReplacement _drivers;
    private readonly IShardWatch _watch;
    private readonly ShardMetrics _metrics;
    private readonly int _inFlightWanted;
    private readonly Queue<QueuePair> _waiting = new();
    private readonly Queue<IoOperation> _resubmit = new();
    private readonly SubmittedOperations _submitted = new();
    private readonly LoopBaton _baton;
    private readonly Action _wake;
    private IDriver _driver;
    private int _inFlightMax;
    private int _inFlight;
    private volatile bool _isAway;
    private bool _hasCompleted;
    private long _askedAt;
    private long _stalledSince;

    /// <param name="create">Makes a driver: the first one now, others when it fails.</param>
    /// <param name="inFlightMax">Operations in flight at most, if the driver can.</param>
    /// <param name="metrics">Those of the shard; with its clock.</param>
    /// <param name="watch">Told of failures.</param>
    /// <param name="baton">Where calls are marked in which the kernel may keep the thread; null for nobody to see.</param>
    public IoScheduler(
        Func<IDriver> create, int inFlightMax, ShardMetrics metrics, IShardWatch watch, LoopBaton? baton = null)
    {
        _baton = baton ?? new LoopBaton();
        _wake = Wake;
        _driver = create();
        _drivers = new DriverReplacement(_driver, create, watch, metrics.Clock);
        _watch = watch;
        _inFlightWanted = inFlightMax;
        _inFlightMax = Math.Min(inFlightMax, _driver.Depth);
        _metrics = metrics;
    }

    public IDriver Driver => _driver;

    /// <summary>Set while a substitute turns the loop, whose thread the kernel keeps in a call of the driver. A driver is
    /// for one thread, so what is submitted waits meanwhile, and nothing comes back.</summary>
    public bool IsAway
    {
        get => _isAway;
        set => _isAway = value;
    }

    /// <summary>Operations admitted and not yet finished.</summary>
    public int InFlight => _inFlight;

    /// <summary>Stopwatch ticks when the kernel last gave something back, while there are time limits.</summary>
    public long CameBackAt { get; private set; }

    /// <summary>Set once an operation has a time limit: then <see cref="KnownAt"/> is kept.</summary>
    public bool IsTimed { get; set; }

    /// <summary>Stopwatch ticks up to which everything that has come back is known: when the driver was last asked. Now,
    /// while nobody can ask it.</summary>
    public long KnownAt => _isAway || !IsWorking ? _metrics.Now : _askedAt;

    /// <summary>True while operations are in flight or wait for their turn.</summary>
    public bool HasWork => _inFlight > 0 || _waiting.Count > 0;

    /// <summary>Submits what a file has queued, or lets it wait its turn.</summary>
    public void Announce(QueuePair pair)
    {
        if (_drivers.State == DriverState.Refusing && !_isReplacing && !_isAway && !Replace())
        {
            RefuseSubmissions(pair);
        }

        if (_waiting.Count == 0)
        {
            while (HasRoom && pair.TakeSubmission() is { } operation)
            {
                Admit(operation);
            }
        }

        pair.Announced = pair.HasSubmissions;
        if (pair.Announced)
        {
            _waiting.Enqueue(pair);
        }
    }

    /// <summary>
    /// Performs a transfer here and now, without a place among the operations in flight, if that is the driver's way
    /// with it: two messages less for a file actor, where the hop to the backend and back costs as much as the copy.
    /// </summary>
    /// <returns>True when the operation is finished; false when it has to be submitted.</returns>
    public bool TryPerform(IoOperation operation)
    {
        var action = CompletionAction.Resubmit;
        if (operation.RequestedAt != 0)
        {
            operation.SubmittedAt = _metrics.Now;
        }

        while (action == CompletionAction.Resubmit && TryPerformInDriver(operation))
        {
            _metrics.KernelOperations++;
            _metrics.InlineOperations++;
            NoteCall();
            action = CompletionDecision.Weigh(operation);
        }

        if (action == CompletionAction.Resubmit)
        {
            return false;
        }

        RecordTimes(operation);
        return true;
    }

    /// <summary>Passes queued operations to the kernel and delivers what has completed.</summary>
    /// <returns>True when something was delivered.</returns>
    public bool Pump()
    {
        if (_isAway)
        {
            return false;
        }

        if (!IsWorking)
        {
            return Replace();
        }

        RetryBusy();

        // A retry may have been done inline and made room, with no completion to follow that would pass it on.
        AdmitWaiting();
        try
        {
            Flush();
            if (IsTimed)
            {
                _askedAt = _metrics.Now;
            }

            // Also with nothing in flight: what ended the last wait has to be taken away, or it ends the next one too.
            return _driver.Reap(this) > 0;
        }
        catch (Exception e)
        {
            _drivers.Fail(e);
            return true;
        }
    }

    /// <summary>Cancels an operation: at once while it waits for its turn, otherwise by asking the driver. It comes
    /// back through its queue pair in any case.</summary>
    public void Cancel(IoOperation operation)
    {
        var pair = (QueuePair)operation.Owner!;
        operation.CancelRequested = true;
        if (pair.TryWithdraw(operation))
        {
            operation.Result = -Errno.ECANCELED;
            HandBack(pair, operation);
        }
        else if (IsWorking && !_isAway)
        {
            CancelInDriver(operation);
        }
    }

    /// <summary>Waits in the driver; only briefly while it has refused operations for want of room.</summary>
    public void Wait(int timeout)
    {
        if (_isAway || !IsWorking)
        {
            WaitWithoutDriver(timeout);
            return;
        }

        try
        {
            AddWorkersIfStalled();
            _driver.Wait(
                _resubmit.Count > 0 ? 1
                : _inFlight > 0 && timeout is < 0 or > StalledAfter ? StalledAfter
                : timeout);
        }
        catch (Exception e)
        {
            _drivers.Fail(e);
        }
    }

    /// <summary>Ends a present or the next <see cref="Wait"/>. From any thread.</summary>
    public void Wake()
    {
        if (IsWorking && !_isAway)
        {
            _driver.Wake();
        }
        else
        {
            _bell.Set();
        }
    }

    /// <summary>A call begins that the kernel may keep. On the thread that turns the loop.</summary>
    /// <returns>For <see cref="LeaveCall"/>; false for a substitute, whose calls are not marked.</returns>
    public bool EnterCall()
    {
        if (_isAway)
        {
            return false;
        }

        _baton.EnterCall();
        return true;
    }

    /// <summary>The call is over; while a substitute turns the loop, this waits until it is this thread's again.</summary>
    public void LeaveCall(bool isMarked)
    {
        if (isMarked)
        {
            _baton.LeaveCall(_wake);
        }
    }

    /// <summary>A call on the shard's own thread has come back: whoever waits for the thread is not stuck. Whoever waits for
    /// room among the operations in flight may be.</summary>
    public void NoteCall()
    {
        if (HasRoom && _resubmit.Count == 0)
        {
            NoteReturn();
        }
    }

    /// <inheritdoc/>
    public void Complete(IoOperation operation)
    {
        _submitted.Remove(operation);
        _hasCompleted = true;
        operation.Fault = null;
        NoteReturn();
        if (CompletionDecision.Weigh(operation) == CompletionAction.Resubmit)
        {
            Submit(operation);
            return;
        }

        Finish(operation);
        AdmitWaiting();
    }

    public void Dispose() => _drivers.Dispose();

    private void NoteReturn()
    {
        if (IsTimed)
        {
            CameBackAt = _metrics.Now;
        }
    }

    private bool IsWorking => _drivers.State == DriverState.Working;

    private bool HasRoom => _inFlight < _inFlightMax && IsWorking && !_isAway;

    private void AddWorkersIfStalled()
    {
        var now = Environment.TickCount64;
        if (_hasCompleted || _inFlight == 0)
        {
            _hasCompleted = false;
            _stalledSince = now;
        }
        else if (now - _stalledSince >= StalledAfter)
        {
            _stalledSince = now;
            _driver.AddWorkers();
        }
    }

    private void Flush()
    {
        var isMarked = EnterCall();
        try
        {
            _driver.Flush();
        }
        finally
        {
            LeaveCall(isMarked);
        }
    }

    private void Admit(IoOperation operation)
    {
        _inFlight++;
        if (operation.RequestedAt != 0)
        {
            operation.SubmittedAt = _metrics.Now;
        }

        Submit(operation);
    }

    /// <summary>Submits until the driver has it in flight, or it is finished: a driver that works inline completes, and
    /// may have to be asked again, right here.</summary>
    private void Submit(IoOperation operation)
    {
        while (true)
        {
            operation.BegunAt = operation.IsTimed ? _metrics.Now : 0;
            var result = TrySubmitToDriver(operation);
            if (result == SubmitResult.Busy)
            {
                operation.BegunAt = 0;
                _resubmit.Enqueue(operation);
                return;
            }

            var transfers = operation.Kind is IoKind.Read or IoKind.Write ? 1 : 0;
            _metrics.KernelOperations += transfers;
            if (result == SubmitResult.Queued)
            {
                _submitted.Add(operation);
                return;
            }

            _metrics.InlineOperations += transfers;
            NoteReturn();
            if (CompletionDecision.Weigh(operation) != CompletionAction.Resubmit)
            {
                Finish(operation);
                return;
            }
        }
    }

    private void Finish(IoOperation operation)
    {
        _inFlight--;
        RecordTimes(operation);
        HandBack((QueuePair)operation.Owner!, operation);
    }

    private void RecordTimes(IoOperation operation)
    {
        if (operation.RequestedAt != 0)
        {
            _metrics.Service.RecordBetween(operation.SubmittedAt, _metrics.Now);
            _metrics.QueueWait.RecordBetween(operation.RequestedAt, operation.SubmittedAt);
        }
    }

    private void HandBack(QueuePair pair, IoOperation operation)
    {
        pair.Complete(operation);
        if (pair.Notified)
        {
            return;
        }

        pair.Notified = true;
        try
        {
            pair.Owner.OnCompleted(pair);
        }
        catch (Exception e)
        {
            // The owner's defect, and not that of the driver, which may be in the middle of handing over others.
            _watch.OnError(e);
        }
    }

    private void AdmitWaiting()
    {
        while (HasRoom && _waiting.TryDequeue(out var pair))
        {
            if (pair.TakeSubmission() is { } operation)
            {
                Admit(operation);
            }

            pair.Announced = pair.HasSubmissions;
            if (pair.Announced)
            {
                _waiting.Enqueue(pair);
            }
        }
    }

    private void RetryBusy()
    {
        for (var n = _resubmit.Count; n > 0 && _resubmit.TryDequeue(out var operation); n--)
        {
            Submit(operation);
        }
    }
}
