namespace Actors.Engine.Shards;

/// <summary>An actor in whose midst the kernel may keep the shard's thread.</summary>
internal interface IRelievable
{
    /// <summary>The thread is kept, and will not be waited for: answers everything. On the substitute's thread, while the
    /// actor's own stands still in a call; when that comes back, nothing is left to be answered.</summary>
    void OnRelieved();

    /// <summary>The thread has been kept for so long. Has a time limit that is over kept as <see cref="OnRelieved"/> does; on
    /// the substitute's thread too.</summary>
    void OnKept(TimeSpan time);
}
