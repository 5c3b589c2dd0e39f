using System.CommandLine;
using Actors.Reliability.Adversary;
using Actors.Reliability.Crash;
using Actors.Reliability.Simulate;
using Actors.Reliability.Soak;

namespace Actors.Reliability.Verbs;

/// <summary>All there is to run.</summary>
internal static class VerbList
{
    /// <summary>The long runs.</summary>
    public static IReadOnlyList<IVerb> All =>
        [new AdversaryVerb(), new CrashVerb(), new SimulateVerb(), new SoakVerb()];

    /// <summary>What the long runs start as processes of their own.</summary>
    public static IReadOnlyList<Command> Hidden => [WriterProcess.Build()];
}
