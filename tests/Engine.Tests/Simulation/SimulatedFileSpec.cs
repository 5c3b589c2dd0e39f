using Actors.Simulation.Disk;
using Xunit;

namespace Actors.Engine.Tests.Simulation;

/// <summary>What the simulated disk keeps, loses and forgets: the model that runs are judged by must not be kinder
/// than a kernel.</summary>
public sealed class SimulatedFileSpec
{
    private static readonly byte[] Data = [1, 2, 3, 4];
    private readonly SimulatedFile _file = new("/file", 1);

    [Fact]
    public void A_crash_may_lose_all_some_or_a_part_of_what_was_not_synced()
    {
        _file.Write(0, Data);
        _file.Write(4, Data);
        var left = Enumerable.Range(0, 200).Select(seed => Convert.ToHexString(_file.AfterCrash(new Random(seed))));
        var kinds = left.ToHashSet();
        Assert.Contains("", kinds);
        Assert.Contains("0102030401020304", kinds);
        Assert.Contains("0102", kinds);
        Assert.Contains("0000000001020304", kinds);
    }

    [Fact]
    public void A_crash_keeps_what_was_synced()
    {
        _file.Write(0, Data);
        _file.Persist(_file.Changes);
        _file.Write(1, [9]);
        for (var seed = 0; seed < 50; seed++)
        {
            var left = _file.AfterCrash(new Random(seed));
            Assert.Equal(4, left.Length);
            Assert.Equal([1, 3, 4], new[] { left[0], left[2], left[3] });
        }
    }

    [Fact]
    public void A_sync_covers_what_was_there_when_it_began()
    {
        _file.Write(0, Data);
        var begun = _file.Changes;
        _file.Write(4, Data);
        _file.Persist(begun);
        Assert.Contains(Enumerable.Range(0, 50), seed => _file.AfterCrash(new Random(seed)).Length == 4);
    }

    [Fact]
    public void After_a_failed_sync_no_later_one_makes_the_data_durable()
    {
        _file.Write(0, Data);
        _file.Forget();
        _file.Persist(_file.Changes);
        Assert.Equal(Data, _file.Cached.ToArray());
        Assert.All(Enumerable.Range(0, 50), seed => Assert.Empty(_file.AfterCrash(new Random(seed))));
    }
}
