using Actors.Simulation.Face;
using Xunit;

namespace Actors.Engine.Tests.Simulation;

/// <summary>The async face on simulated disks: writers, files and readers of several tasks, checked after each
/// call.</summary>
public sealed class FaceSpec
{
    [Theory]
    [InlineData(0)]
    [InlineData(30)]
    public void Every_call_does_what_it_says(int first)
    {
        for (var seed = first; seed < first + 30; seed++)
        {
            FaceRun.Run(seed);
        }
    }
}
