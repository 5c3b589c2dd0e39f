using Actors.Adversary.Neighbours;
using Actors.Adversary.Plan;
using Actors.Adversary.Playing;
using Actors.Adversary.Report;
using Actors.Engine.Drivers;
using Xunit;

namespace Actors.Adversary;

/// <summary>Some seconds of what <c>adversary</c> of tests/Reliability does for an hour.</summary>
public sealed class AdversarySpec
{
    /// <summary>Those that take no long time.</summary>
    private static readonly int[] Seeds = [108, 110];

    [Theory]
    [InlineData(BackendNames.Auto)]
    [InlineData(BackendNames.IoUring)]
    [InlineData(BackendNames.ThreadPool)]
    [InlineData(BackendNames.Sync)]
    public async Task Every_promise_is_kept(string backend)
    {
        if (!Player.Available.Contains(backend))
        {
            return;
        }

        await using var neighbour = Neighbour.Begin();
        foreach (var seed in Seeds)
        {
            // A disk that stands still costs seconds each time; the long run has it.
            var plan = ProgramPlan.Of(seed, Player.Available, backend) with { FreezesAtStop = false };
            plan = plan with { Faults = plan.Faults with { Stuck = 0 } };
            var breaches = await AdversaryProgram.PlayAsync(plan, neighbour, new Tally());
            Assert.True(
                breaches.Count == 0,
                $"{plan}\n{string.Join('\n', breaches)}\nagain: dotnet run -c Release --project tests/Reliability -- "
                + $"adversary --seed {seed} --backend {backend}");
        }
    }
}
