using System.Threading.Tasks.Sources;

namespace Actors.Engine.Files;

/// <summary>A request that somebody awaits, reused from one call to the next. Continuations run on the thread pool,
/// never on a shard's thread.</summary>
internal sealed class AwaitedRequest(FileClient client)
    : FileRequest, IValueTaskSource, IValueTaskSource<int>, IValueTaskSource<long>
{
    private ManualResetValueTaskSourceCore<long> _core = new() { RunContinuationsAsynchronously = true };
    private CancellationTokenRegistration _registration;
    private CancellationToken _cancellation;

    public short Version => _core.Version;

    /// <summary>Has the request taken back when the token is cancelled.</summary>
    public void CancelOn(CancellationToken cancellationToken)
    {
        if (cancellationToken.CanBeCanceled)
        {
            _cancellation = cancellationToken;
            _registration = cancellationToken.UnsafeRegister(
                static (request, token) => ((AwaitedRequest)request!).TakeBack(token), this);
        }
    }

    public ValueTaskSourceStatus GetStatus(short token) => _core.GetStatus(token);

    public void OnCompleted(
        Action<object?> continuation, object? state, short token, ValueTaskSourceOnCompletedFlags flags) =>
        _core.OnCompleted(continuation, state, token, flags);

    void IValueTaskSource.GetResult(short token) => GetResult(token);

    int IValueTaskSource<int>.GetResult(short token) => (int)GetResult(token);

    long IValueTaskSource<long>.GetResult(short token) => GetResult(token);

    protected override void OnSucceeded(long result) => _core.SetResult(result);

    protected override void OnFailed(Exception failure) => _core.SetException(
        failure is FileEngineException { Reason: FailureReason.Cancelled, BytesDone: 0 }
            ? new OperationCanceledException(failure.Message, failure, _cancellation)
            : failure);

    private void TakeBack(CancellationToken token) => client.TakeBack(this, token);

    private long GetResult(short token)
    {
        if (_core.GetStatus(token) == ValueTaskSourceStatus.Pending)
        {
            // Asked too early, which must not put a request that is under way back into the pool.
            throw new InvalidOperationException("the call has not completed; await it, or use AsTask");
        }

        try
        {
            return _core.GetResult(token);
        }
        finally
        {
            // Waits for a callback that is running, which could otherwise meet the request in its next use.
            _registration.Dispose();
            _registration = default;
            _cancellation = default;
            _core.Reset();
            client.Return(this);
        }
    }
}
