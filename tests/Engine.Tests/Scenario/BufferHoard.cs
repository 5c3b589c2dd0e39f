using Actors.Engine.Memory;

namespace Actors.Engine.Tests.Scenario;

/// <summary>All the buffers of a shard, so that files have to wait for one; disposing of it gives them back.</summary>
internal sealed class BufferHoard : IDisposable
{
    private readonly List<Slab> _slabs = [];
    private SlabPool? _pool;

    public static async Task<BufferHoard> TakeAsync(EngineScenario scenario, int shard)
    {
        var hoard = new BufferHoard();
        await scenario.OnShardAsync(shard, s => hoard.Fill(s.Buffers));
        return hoard;
    }

    public void Dispose()
    {
        foreach (var slab in _slabs)
        {
            _pool!.Return(slab);
        }
    }

    private bool Fill(SlabPool pool)
    {
        _pool = pool;
        while (pool.TryRent(SlabPool.Alignment) is { } slab)
        {
            _slabs.Add(slab);
        }

        return true;
    }
}
