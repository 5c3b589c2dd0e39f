using System.Runtime.InteropServices;

namespace Actors.Host.Running;

/// <summary>
/// How far the producers of one shard are. They all run on the shard's thread, so counting is a plain store; anyone may
/// read. Padded on both sides: two shards' counters in one cache line would slow both down.
/// </summary>
[StructLayout(LayoutKind.Explicit, Size = 256)]
internal sealed class ShardProgress
{
    [FieldOffset(128)]
    private long _units;

    /// <summary>Units answered so far.</summary>
    public long Units => Volatile.Read(ref _units);

    /// <summary>Counts units; for the shard's thread only.</summary>
    public void Add(int units) => Volatile.Write(ref _units, _units + units);
}
