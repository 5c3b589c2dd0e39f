namespace Actors.Engine.Files;

/// <summary>The clients that have a file open, are opening one, or await an answer, to be told when the engine stops.
/// Thread-safe.</summary>
internal sealed class FileClients
{
    private readonly Lock _gate = new();
    // Refs without an actor of their own share a path, by which refs are compared.
    private readonly HashSet<IEngineClient> _clients = new(ReferenceEqualityComparer.Instance);
    private IEngineClient[] _told = [];
    private volatile int _count;
    private bool _stopped;

    /// <summary>How many there are.</summary>
    public int Count => _count;

    /// <returns>False when the engine has stopped.</returns>
    public bool TryAdd(IEngineClient client)
    {
        lock (_gate)
        {
            var isAdded = !_stopped && _clients.Add(client);
            _count = _clients.Count;
            return isAdded;
        }
    }

    public void Remove(IEngineClient client)
    {
        lock (_gate)
        {
            _clients.Remove(client);
            _count = _clients.Count;
        }
    }

    /// <summary>No actor will answer from now on. Calls on paths that have begun may still end by themselves.</summary>
    public void Stop()
    {
        IEngineClient[] clients;
        lock (_gate)
        {
            _stopped = true;
            clients = [.. _clients];
            _told = [.. _told, .. clients];
            _clients.Clear();
        }

        foreach (var client in clients)
        {
            client.EndAll("the engine has stopped");
        }
    }

    /// <summary>Ends those too that <see cref="Stop"/> has left to end by themselves.</summary>
    public void Abandon()
    {
        IEngineClient[] clients;
        lock (_gate)
        {
            clients = _told;
            _told = [];
        }

        foreach (var client in clients)
        {
            client.Abandon("the engine has stopped, and does not wait for the system to finish this");
        }
    }
}
