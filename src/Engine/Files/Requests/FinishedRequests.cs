namespace Actors.Engine.Files;

/// <summary>Requests that have their answer, in order, to be finished once the client's lock is released.</summary>
internal struct FinishedRequests
{
    private FileRequest? _first;
    private FileRequest? _last;

    public void Add(FileRequest request)
    {
        request.Next = null;
        if (_last is null)
        {
            _first = request;
        }
        else
        {
            _last.Next = request;
        }

        _last = request;
    }

    /// <param name="engine">Learns of what goes wrong with that.</param>
    public void FinishAll(FileEngine engine)
    {
        while (_first is { } request)
        {
            // Once finished it may be in use again.
            _first = request.Next;
            request.Next = null;
            request.Finish(engine);
        }
    }
}
