using Actors.Simulation.Checking;
using Xunit;

namespace Actors.Engine.Tests.Simulation;

/// <summary>
/// Whole engines on simulated disks in virtual time, one for each seed: every command answered once, content as
/// answered, durable what was called so, nothing left. A failure tells its seed and the command to see it again.
/// </summary>
public sealed class SimulationSpec
{
    [Theory]
    [InlineData(0)]
    [InlineData(100)]
    [InlineData(200)]
    public void Every_promise_is_kept(int first)
    {
        for (var seed = first; seed < first + 100; seed++)
        {
            SimulationRun.Run(seed);
        }
    }

    [Theory]
    [InlineData(7)]
    [InlineData(40)]
    public void A_seed_gives_the_same_run_each_time(int seed) =>
        Assert.Equal(SimulationRun.Run(seed).Trace, SimulationRun.Run(seed).Trace);
}
