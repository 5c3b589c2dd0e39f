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
    private readonly WriterBuffers _buffers;
    private readonly SegmentRequest _request;
    private readonly Queue<Segment> _segments = new();
    private readonly List<Waiter> _waiters = [];
    private FileEngineException? _failure;
    private bool _failureTold;
    private bool _writing;

    public SegmentQueue(EngineFile file, Lock gate)
    {
        _file = file;
        _buffers = file.WriterBuffers;
        _gate = gate;
        _request = new SegmentRequest(this);
    }

    /// <summary>Bytes added.</summary>
    public long Accepted { get; private set; }

    /// <summary>Bytes written.</summary>
    public long Written { get; private set; }

    /// <summary>What a call gets instead of its work, once something could not be written.</summary>
    public ValueTask? Refusal => _failure is null ? null : ValueTask.FromException(Tell());

    /// <summary>Adds a rented buffer, which is given back once it is written.</summary>
    public void Add(byte[] buffer, int length)
    {
        if (length == 0 || _failure is not null)
        {
            _buffers.Return(buffer);
            return;
        }

        Add(new Segment(buffer.AsMemory(0, length), buffer));
    }

    /// <summary>Adds a caller's memory, which is the caller's again once it is written.</summary>
    /// <returns>The number of bytes that are written then.</returns>
    public long Add(ReadOnlyMemory<byte> data)
    {
        if (!data.IsEmpty)
        {
            Add(new Segment(data, null));
        }

        return Accepted;
    }

    /// <summary>Waits while a full buffer has to wait for another one.</summary>
    public ValueTask WaitForRoom(CancellationToken cancellationToken) =>
        _segments.Count <= 1 ? default : WaitFor(Written + _segments.Peek().Data.Length, cancellationToken);

    /// <summary>Waits until so many bytes are written.</summary>
    public ValueTask WaitFor(long written, CancellationToken cancellationToken)
    {
        if (_failure is not null)
        {
            return ValueTask.FromException(Tell());
        }

        if (Written >= written)
        {
            return default;
        }

        var waiter = new Waiter(written, cancellationToken);
        _waiters.Add(waiter);
        return new ValueTask(waiter.Task);
    }

    /// <summary>Waits until everything is written. A failure that a call has thrown already is not thrown
    /// again.</summary>
    public ValueTask WaitForEnd() => _failureTold ? default : WaitFor(Accepted, default);

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
            segment.Return(_buffers);
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
            Written += failure.BytesDone;

            // The kernel may still be reading the one that failed: left to the collector, not to the next writer.
            _segments.Dequeue();
            while (_segments.TryDequeue(out var segment))
            {
                segment.Return(_buffers);
            }

            foreach (var waiter in _waiters)
            {
                _failureTold |= waiter.TryFail(Copy());
            }

            _waiters.Clear();
        }
    }

    private FileEngineException Tell()
    {
        _failureTold = true;
        return Copy();
    }

    /// <summary>An exception of its own for each call, since each is thrown with its own stack.</summary>
    private FileEngineException Copy()
    {
        var failure = _failure!;
        return new FileEngineException(
            failure.Path, failure.Reason, failure.Message, failure.Errno, failure.BytesDone, failure);
    }

    private readonly record struct Segment(ReadOnlyMemory<byte> Data, byte[]? Rented)
    {
        public void Return(WriterBuffers buffers)
        {
            if (Rented is not null)
            {
                buffers.Return(Rented);
            }
        }
    }

    private sealed class Waiter
    {
        private readonly TaskCompletionSource _source = new(TaskCreationOptions.RunContinuationsAsynchronously);
        private readonly CancellationTokenRegistration _registration;
        private readonly long _written;

        public Waiter(long written, CancellationToken cancellationToken)
        {
            _written = written;
            _registration = cancellationToken.UnsafeRegister(
                static (source, token) => ((TaskCompletionSource)source!).TrySetCanceled(token), _source);
        }

        public Task Task => _source.Task;

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
