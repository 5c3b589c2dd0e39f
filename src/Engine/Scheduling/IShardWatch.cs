namespace Actors.Engine.Scheduling;

/// <summary>Who is told of what must not happen on a shard, and does. Must not throw.</summary>
internal interface IShardWatch
{
    /// <summary>A piece of work let out an exception; the shard goes on.</summary>
    void OnError(Exception exception);

    /// <summary>The driver threw, and is given nothing more.</summary>
    void OnDriverFailed(Exception exception);

    /// <summary>The shard has another driver.</summary>
    void OnDriverReplaced();

    /// <summary>The shard has no driver now, and refuses what it is given.</summary>
    void OnRefusing(string cause, Exception exception);
}
