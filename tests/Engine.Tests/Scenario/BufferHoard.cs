using Actors.Engine.Memory;

namespace Actors.Engine.Tests.Scenario;

/// <summary>All the buffers of a shard, so that files have to wait for one; disposing of it gives them back.</summary>
internal sealed class BufferHoard : IDisposable
{
    private readonly List<Slab> _slabs = [];
    private SlabPool? _pool;

    /// <summary>Takes them.</summary>
    /// <param name="scenario">The engine.</param>
    /// <param name="shard">Of it.</param>
    /// <param name="left">Chunks of a reader that there is room for.</param>
    public static async Task<BufferHoard> TakeAsync(EngineScenario scenario, int shard, int left = 0)
    {
        var hoard = new BufferHoard();
        await scenario.OnShardAsync(
            shard, s => hoard.Fill(s.Buffers, left * scenario.Engine.Settings.Reader.ChunkSize));
        return hoard;
    }

    public void Dispose()
    {
        foreach (var slab in _slabs)
        {
            _pool!.Return(slab);
        }
    }

    private bool Fill(SlabPool pool, int left)
    {
        _pool = pool;
        var room = left > 0 ? pool.TryRent(left) : null;
        while (pool.TryRent(SlabPool.Alignment) is { } slab)
        {
            _slabs.Add(slab);
        }

        if (room is not null)
        {
            pool.ReturnHere(room);
            pool.EndQuarantine();
        }

        return true;
    }
}
