namespace Actors.Engine.Files;

/// <summary>A question about an open file, whose answer is more than a number.</summary>
internal sealed class StatRequest : FileRequest
{
    private readonly TaskCompletionSource<FileStatus> _answer = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly CancellationToken _cancellation;
    private readonly CancellationTokenRegistration _registration;

    public StatRequest(FileClient client, CancellationToken cancellationToken)
    {
        _cancellation = cancellationToken;
        _registration = cancellationToken.UnsafeRegister(
            (request, token) => client.TakeBack((StatRequest)request!, token), this);
    }

    /// <summary>Set before it is finished.</summary>
    public FileStatus? Status { get; set; }

    public Task<FileStatus> Task => _answer.Task;

    protected override void OnSucceeded(long result)
    {
        _registration.Unregister();
        _answer.SetResult(Status!);
    }

    protected override void OnFailed(Exception failure)
    {
        _registration.Unregister();
        _answer.SetException(
            failure is FileEngineException { Reason: FailureReason.Cancelled }
                ? new OperationCanceledException(failure.Message, failure, _cancellation)
                : failure);
    }
}
