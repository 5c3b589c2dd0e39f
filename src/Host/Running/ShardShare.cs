namespace Actors.Host.Running;

/// <summary>The files that one shard's producers take: a contiguous run.</summary>
/// <param name="Shard">The shard.</param>
/// <param name="DispatcherId">Its dispatcher.</param>
/// <param name="FirstFile">The first file.</param>
/// <param name="Count">How many from there.</param>
internal sealed record ShardShare(int Shard, string DispatcherId, int FirstFile, int Count)
{
    /// <summary>Divides evenly: file i of n goes to shard i * shards / n. Shards without a file are left out.</summary>
    public static IReadOnlyList<ShardShare> Divide(int files, int shards, Func<int, string> dispatcherId)
    {
        var shares = new List<ShardShare>();
        for (var first = 0; first < files;)
        {
            var shard = (int)((long)first * shards / files);
            var next = first + 1;
            while (next < files && (int)((long)next * shards / files) == shard)
            {
                next++;
            }

            shares.Add(new ShardShare(shard, dispatcherId(shard), first, next - first));
            first = next;
        }

        return shares;
    }
}
