using Actors.Engine.Memory;

namespace Actors.Engine.Files;

/// <summary>
/// What a writer has accepted and the engine has not written: appended segment by segment, one at a time, so that
/// nothing is written behind something that could not be. Whoever has to wait waits for a number of bytes to be
/// written.
/// </summary>
/// <remarks>Members are called with the writer's lock held; the segment's request takes it itself.</remarks>
internal sealed class SegmentQueue
{
    private readonly Lock _gate;
    private readonly EngineFile _file;
    private readonly SegmentRequest _request;
    private readonly Queue<Segment> _segments = new();
    private readonly List<Waiter> _waiters = [];
    private FileEngineException? _failure;
    private long _lost;
    private bool _failureTold;
    private bool _writing;

    public SegmentQueue(EngineFile file, Lock gate)
    {
        _file = file;
        _gate = gate;
        _request = new SegmentRequest(this);
    }

    /// <summary>Bytes added.</summary>
    public long Accepted { get; private set; }

    /// <summary>Bytes written.</summary>
    public long Written { get; private set; }

    /// <summary>What a call gets instead of its work, once something could not be written.</summary>
    public ValueTask? Refusal => _failure is null ? null : ValueTask.FromException(Tell(Accepted, Accepted));

    /// <summary>Adds a lent buffer, which is given back once it is written.</summary>
    public void Add(IoBuffer buffer, int length)
    {
        if (length > 0 && _failure is null)
        {
            Add(new Segment(buffer.Memory[..length], buffer));
            return;
        }

        Accepted += length;
        buffer.Return();
    }

    /// <summary>Adds a caller's memory, which is the caller's again once it is written.</summary>
    /// <returns>Bytes that were added before.</returns>
    public long Add(ReadOnlyMemory<byte> data)
    {
        var start = Accepted;
        Add(new Segment(data, null));
        return start;
    }

    /// <summary>Waits while a full buffer has to wait for another one.</summary>
    /// <param name="start">Bytes accepted before the call that waits.</param>
    /// <param name="end">Bytes accepted with it.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    public ValueTask WaitForRoom(long start, long end, CancellationToken cancellationToken) =>
        _segments.Count <= 1
            ? default
            : WaitFor(Written + _segments.Peek().Data.Length, start, end, cancellationToken);

    /// <summary>Waits until everything that was added is written.</summary>
    /// <param name="start">The first byte that the call answers for.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    public ValueTask WaitForAll(long start, CancellationToken cancellationToken) =>
        WaitFor(Accepted, start, Accepted, cancellationToken);

    /// <summary>Waits until everything is written. A failure that a call has thrown already is not thrown
    /// again.</summary>
    public ValueTask WaitForEnd() => _failureTold ? default : WaitForAll(Written, default);

    private ValueTask WaitFor(long written, long start, long end, CancellationToken cancellationToken)
    {
        if (_failure is not null)
        {
            return ValueTask.FromException(Tell(start, end));
        }

        if (Written >= written)
        {
            return default;
        }

        var waiter = new Waiter(written, start, end, cancellationToken);
        _waiters.Add(waiter);
        return new ValueTask(waiter.Task);
    }

    private void Add(Segment segment)
    {
        Accepted += segment.Data.Length;
        _segments.Enqueue(segment);
        if (!_writing)
        {
            WriteNext();
        }
    }

    private void WriteNext()
    {
        _writing = _segments.Count > 0;
        if (_writing)
        {
            // Last, for it may come back on this thread, refused.
            _file.SendAppend(_request, _segments.Peek().Data);
        }
    }

    private void OnWritten()
    {
        lock (_gate)
        {
            var segment = _segments.Dequeue();
            Written += segment.Data.Length;
            segment.Lent?.Return();
            _waiters.RemoveAll(waiter => waiter.TryRelease(Written));
            WriteNext();
        }
    }

    private void OnFailed(Exception cause)
    {
        lock (_gate)
        {
            var failure = cause as FileEngineException
                ?? new FileEngineException(_file.Path, FailureReason.NotOpen, cause.Message, inner: cause);
            _failure = failure;
            _lost = Written + _segments.Peek().Data.Length;
            Written += failure.BytesDone;
            while (_segments.TryDequeue(out var segment))
            {
                segment.Lent?.Return();
            }

            foreach (var waiter in _waiters)
            {
                _failureTold |= waiter.TryFail(FailureOf(waiter.Start, waiter.End));
            }

            _waiters.Clear();
        }
    }

    private FileEngineException Tell(long start, long end)
    {
        _failureTold = true;
        return FailureOf(start, end);
    }

    /// <summary>The failure as a call has it whose bytes are the ones from start to end: how many of them are in the file,
    /// and whether others may still get there.</summary>
    private FileEngineException FailureOf(long start, long end) => _failure!.Again(
        Math.Clamp(Written - start, 0, end - start), _failure.IsUnfinished && start < _lost && end > Written);

    private readonly record struct Segment(ReadOnlyMemory<byte> Data, IoBuffer? Lent);

    private sealed class Waiter
    {
        private readonly TaskCompletionSource _source = new(TaskCreationOptions.RunContinuationsAsynchronously);
        private readonly CancellationTokenRegistration _registration;
        private readonly long _written;

        public Waiter(long written, long start, long end, CancellationToken cancellationToken)
        {
            _written = written;
            Start = start;
            End = end;
            _registration = cancellationToken.UnsafeRegister(
                static (source, token) => ((TaskCompletionSource)source!).TrySetCanceled(token), _source);
        }

        public Task Task => _source.Task;

        /// <summary>The first of the bytes of the call that waits.</summary>
        public long Start { get; }

        /// <summary>Behind the last of them.</summary>
        public long End { get; }

        /// <returns>True when it need not be asked again.</returns>
        public bool TryRelease(long reached)
        {
            if (reached < _written)
            {
                return false;
            }

            _registration.Unregister();
            _source.TrySetResult();
            return true;
        }

        /// <returns>False when the caller has gone: nobody learns of the failure by this.</returns>
        public bool TryFail(Exception failure)
        {
            _registration.Unregister();
            return _source.TrySetException(failure);
        }
    }

    private sealed class SegmentRequest(SegmentQueue queue) : FileRequest
    {
        protected override void OnSucceeded(long result) => queue.OnWritten();

        protected override void OnFailed(Exception failure) => queue.OnFailed(failure);
    }
}
