using Actors.Engine.Actors;
using Actors.Engine.Drivers;
using Akka.Actor;

namespace Actors.Engine.Files;

/// <summary>
/// The client of one file actor, for callers that are no actors: sends commands within the file's credits, lets what is
/// beyond them wait its turn, and gives each request its answer. A ref without a mailbox: answers are taken on the
/// thread that they come on, a shard's.
/// </summary>
/// <remarks>
/// <para>
/// Thread-safe. Commands are sent under the lock, so that their order is that of the calls. A refusal may come back on
/// the sending thread, inside the sending: it is put aside, and taken on the thread pool. So no request is ever finished
/// with a lock held, by whichever caller, nor inside a call that sends, and a thousand refusals take one loop.
/// </para>
/// <para>
/// <see cref="_underWay"/> counts the requests that are not finished; while a caller transfers on its own thread, it has
/// <see cref="CallerAtWork"/> besides. Both ways exclude each other by that one number: what comes while a caller is at
/// work waits for the end of the work, and the lock is not held during it, for the kernel may take its time.
/// </para>
/// </remarks>
internal sealed partial class FileClient : MinimalActorRef, IEngineClient, ILaneClient, IOpenClient
{
    private const int CallerAtWork = 1 << 30;
    private const int SlotBits = 28;
    private const long SlotMask = (1L << SlotBits) - 1;

    private readonly Lock _gate = new();
    private readonly FileEngine _engine;
    private readonly string _path;
    private readonly Stack<AwaitedRequest> _pool = new();
    private readonly Stack<int> _freeSlots = new();
    private readonly RequestList _waiting = new();
    private readonly RequestList _appends = new();
    private readonly List<object> _setAside = [];
    private readonly TaskCompletionSource<Opened> _opened = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private FileRequest?[] _slots = new FileRequest?[4];
    private int _slotsUsed;
    private long _generation;
    private IActorRef _file = ActorRefs.Nobody;
    private FileRequest? _close;
    // Makes an exception for each call that comes too late: one that is thrown again and again grows with each throw.
    private Func<Exception>? _ended;
    private CommandFailed? _refusal;
    private int _credits;
    private long _creditBytes;
    private int _unanswered;
    private long _unansweredBytes;
    private int _underWay;
    private CancellationToken _givenUpBy;
    private volatile bool _hasGivenUp;

    public FileClient(FileEngine engine, string path)
    {
        _engine = engine;
        _path = path;
        Path = engine.Coordinator.Path / "client";
        Provider = ((InternalActorRefBase)engine.Coordinator).Provider;
    }

    public FileEngine Engine => _engine;

    public override ActorPath Path { get; }

    public override IActorRefProvider Provider { get; }

    /// <inheritdoc/>
    public CallerLane? Lane { get; set; }

    /// <inheritdoc/>
    public bool HasGivenUp => _hasGivenUp;

    // ------------------------------------------------------------------ opening and the end

    /// <summary>Asks for the file. When the token is cancelled the open is withdrawn, and the call ends once nothing will
    /// be done to the file any more: at once while the open waits for its turn, otherwise when the kernel has given it
    /// back and the file is closed again.</summary>
    public async Task<Opened> OpenAsync(OpenMode mode, OpenOptions? options, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        if (!_engine.Clients.TryAdd(this))
        {
            throw new FileEngineException(_path, FailureReason.Closing, $"{_path}: the engine has stopped");
        }

        _engine.Coordinator.Tell(new Open(_path, mode, options), this);
        await using var registration = cancellationToken.UnsafeRegister(
            static (client, token) => ((FileClient)client!).GiveUpOpening(token), this).ConfigureAwait(false);
        return await _opened.Task.ConfigureAwait(false);
    }

    private void GiveUpOpening(CancellationToken token)
    {
        lock (_gate)
        {
            if (_opened.Task.IsCompleted)
            {
                return;
            }

            _givenUpBy = token;
            _hasGivenUp = true;
        }

        _engine.Coordinator.Tell(new WithdrawOpen(this), this);
    }

    /// <summary>The engine has stopped: nothing that is unanswered now will be answered by an actor.</summary>
    public void EndAll(string cause)
    {
        var done = new FinishedRequests();
        lock (_gate)
        {
            _opened.TrySetException(new FileEngineException(_path, FailureReason.Closing, cause));
            _ended ??= () => new FileEngineException(_path, FailureReason.NotOpen, cause);
            _close = null;
            for (var i = 0; i < _slotsUsed; i++)
            {
                if (_slots[i] is { } request)
                {
                    // What was sent may be in the kernel, whatever has become of the actors.
                    var failure = new FileEngineException(
                        _path, FailureReason.Closing, cause, isUnfinished: request.State == RequestState.Sent);
                    End(request, 0, failure, ref done);
                }
            }
        }

        done.FinishAll(_engine);
    }

    /// <summary>Closes a file that nobody holds any more. From a finalizer.</summary>
    public void CloseForgotten()
    {
        lock (_gate)
        {
            if (_ended is null)
            {
                _engine.Telemetry.Log.FileAbandoned(_path);
                _ended = () => new ObjectDisposedException(
                    nameof(EngineFile), $"{_path} was closed by the collector");
                Tell(new Abort());
            }
        }

        TakeSetAside();
    }

    // ------------------------------------------------------------------ requests

    /// <summary>A request for a call that awaits its result.</summary>
    public AwaitedRequest Rent()
    {
        lock (_gate)
        {
            return _pool.TryPop(out var request) ? request : new AwaitedRequest(this);
        }
    }

    public void Return(AwaitedRequest request)
    {
        lock (_gate)
        {
            _pool.Push(request);
        }
    }

    /// <summary>Writes on the caller's own thread, if that is the way and nothing is under way that it could
    /// overtake.</summary>
    /// <param name="data">The bytes.</param>
    /// <param name="offset">Where, or <see cref="Write.Append"/>.</param>
    /// <param name="failure">Why it could not be written.</param>
    /// <returns>False: nothing was done.</returns>
    public bool TryWriteHere(ReadOnlySpan<byte> data, long offset, out FileEngineException? failure)
    {
        failure = null;
        if (Lane is not { DoesTransfers: true } lane || Interlocked.CompareExchange(ref _underWay, CallerAtWork, 0) != 0)
        {
            return false;
        }

        var done = 0L;
        var errno = 0;
        bool wrote;
        try
        {
            wrote = _ended is null && lane.TryWrite(data, offset, out done, out errno);
        }
        finally
        {
            if (Interlocked.Add(ref _underWay, -CallerAtWork) != 0)
            {
                SendWhatWaits();
            }
        }

        if (errno != 0)
        {
            failure = new FileEngineException(
                _path, CompletionDecision.ReasonOf(errno), $"Write on {_path}: {Errno.Describe(errno)}", errno, done);
        }

        return wrote;
    }

    /// <summary>Reads on the caller's own thread, if that is the way, the page cache has it, and nothing is under way
    /// that it could overtake.</summary>
    /// <param name="destination">Where the bytes go.</param>
    /// <param name="offset">First byte.</param>
    /// <param name="done">Bytes read.</param>
    /// <returns>False: the destination's content is undefined.</returns>
    public bool TryReadHere(Span<byte> destination, long offset, out int done)
    {
        done = 0;
        return Lane is { DoesTransfers: true } lane && Volatile.Read(ref _underWay) == 0 && Volatile.Read(ref _ended) is null
            && lane.TryRead(destination, offset, out done);
    }

    /// <summary>Asks the system for the file's length on the caller's own thread, unless the file is closing, or is not the
    /// system's.</summary>
    public bool TryGetLength(out long length)
    {
        length = 0;
        return Lane is { } lane && Volatile.Read(ref _ended) is null && lane.TryGetLength(out length);
    }

    /// <summary>Sends a command, or has it wait for credit; the request is finished with its answer.</summary>
    /// <typeparam name="TState">What the command is made from, so that no closure is needed.</typeparam>
    /// <param name="request">An idle request.</param>
    /// <param name="create">Makes the command with the given token.</param>
    /// <param name="state">Passed to <paramref name="create"/>.</param>
    public void Send<TState>(FileRequest request, Func<TState, long, FileCommand> create, TState state)
    {
        var isAccepted = false;
        lock (_gate)
        {
            if (_ended is null)
            {
                isAccepted = true;
                Interlocked.Increment(ref _underWay);
                var token = TakeSlot(request);
                request.Begin(create(state, token), token);
                if (request.Command is Close or Abort)
                {
                    _close = request;
                    _ended = () => new ObjectDisposedException(
                        nameof(EngineFile), $"{_path} was closed by its owner");
                }

                SubmitOrWait(request);
            }
            else
            {
                request.Failure = _ended();
            }
        }

        if (!isAccepted)
        {
            // Not here: the caller may hold a lock that finishing takes.
            ThreadPool.UnsafeQueueUserWorkItem(
                static refused => refused.Request.Finish(refused.Engine), (Request: request, Engine: _engine),
                preferLocal: false);
        }

        TakeSetAside();
    }

    /// <summary>Takes a request back: at once while it waits for credit; once it is sent, where the file still
    /// can.</summary>
    public void TakeBack(FileRequest request, CancellationToken token)
    {
        var done = new FinishedRequests();
        lock (_gate)
        {
            if (request.State == RequestState.Sent)
            {
                Tell(new Cancel(request.Token));
            }

            if (request.State == RequestState.Waiting)
            {
                End(request, 0, new OperationCanceledException(token), ref done);
            }
        }

        done.FinishAll(_engine);
        TakeSetAside();
    }

    private void SubmitOrWait(FileRequest request)
    {
        if (_waiting.IsEmpty && MaySend && HasCreditFor(request))
        {
            Submit(request);
        }
        else
        {
            request.State = RequestState.Waiting;
            _waiting.Add(request);
        }
    }

    private bool MaySend => Volatile.Read(ref _underWay) < CallerAtWork;

    /// <summary>One command larger than all the credit goes when it is alone, as the file's mailbox has it.</summary>
    private bool HasCreditFor(FileRequest request) =>
        _unanswered < _credits
        && (_unanswered == 0 || _unansweredBytes + request.Command.QueuedBytes <= _creditBytes);

    private void Submit(FileRequest request)
    {
        request.State = RequestState.Sent;
        _unanswered++;
        _unansweredBytes += request.Command.QueuedBytes;
        if (request.IsAppend)
        {
            _appends.Add(request);
        }

        Tell(request.Command);
    }

    /// <summary>Sends; with the lock held, by which an answer that comes back inside is recognised.</summary>
    private void Tell(FileCommand command) => _file.Tell(command, this);

    private void SendWhatWaits()
    {
        var done = new FinishedRequests();
        lock (_gate)
        {
            SubmitWaiting(ref done);
        }

        done.FinishAll(_engine);
        TakeSetAside();
    }

    /// <summary>Sends what there is credit for. When the file takes nothing more, nothing is sent to find that out
    /// again.</summary>
    private void SubmitWaiting(ref FinishedRequests done)
    {
        while (_waiting.First is { } next && (_refusal is not null || (MaySend && HasCreditFor(next))))
        {
            if (_refusal is { } refusal)
            {
                End(next, 0, FileEngineException.Of(_path, refusal), ref done);
                continue;
            }

            _waiting.Remove(next);
            Submit(next);
        }
    }

    // ------------------------------------------------------------------ slots

    private FileRequest? Find(long token)
    {
        var slot = (int)(token & SlotMask);
        return slot < _slotsUsed && _slots[slot] is { } request && request.Token == token ? request : null;
    }

    private long TakeSlot(FileRequest request)
    {
        if (!_freeSlots.TryPop(out var slot))
        {
            slot = _slotsUsed++;
            if (slot == _slots.Length)
            {
                Array.Resize(ref _slots, slot * 2);
            }
        }

        _slots[slot] = request;
        return (++_generation << SlotBits) | (long)slot;
    }

    private void FreeSlot(FileRequest request)
    {
        var slot = (int)(request.Token & SlotMask);
        request.State = RequestState.Idle;
        _slots[slot] = null;
        _freeSlots.Push(slot);
    }
}
