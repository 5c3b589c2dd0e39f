using Actors.Host.Running;

namespace Actors.Host.Tests.Running;

public sealed class ShardShareTests
{
    [Theory]
    [InlineData(100, 2)]
    [InlineData(100, 128)]
    [InlineData(1, 4)]
    [InlineData(7, 3)]
    [InlineData(10_000, 16)]
    public void Files_go_to_shards_in_even_contiguous_runs(int files, int shards)
    {
        var shares = ShardShare.Divide(files, shards, s => $"dispatcher-{s}");
        var next = 0;
        foreach (var share in shares)
        {
            Assert.Equal(next, share.FirstFile);
            Assert.Equal($"dispatcher-{share.Shard}", share.DispatcherId);
            Assert.InRange(share.Count, 1, (files + shards - 1) / shards);
            next += share.Count;
        }

        Assert.Equal(files, next);
        Assert.Equal(Math.Min(files, shards), shares.Select(s => s.Shard).Distinct().Count());
        Assert.All(shares, s => Assert.InRange(s.Shard, 0, shards - 1));
    }
}
