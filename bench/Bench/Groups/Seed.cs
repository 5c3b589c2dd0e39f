using Actors.Bench.Work;

namespace Actors.Bench.Groups;

/// <summary>The seed scenario at the bench's scale.</summary>
internal static class Seed
{
    /// <summary>What to set so that it does a piece of work.</summary>
    public static string[] Settings(WriteLines work) =>
        [$"scenario.files={work.Files}", $"scenario.phases.write.count={work.Lines}"];
}
