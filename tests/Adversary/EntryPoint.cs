using Actors.Adversary.Neighbours;
using Actors.Adversary.Playing;

namespace Actors.Adversary;

/// <summary>This assembly as a program: the neighbour, or a player of seeds in a process of its own. The test runner does
/// not use it.</summary>
internal static class EntryPoint
{
    private static async Task<int> Main(string[] args) => args switch
    {
        [Neighbour.Command] => NeighbourLoop.Run(Console.In, Console.Out),
        [Player.Command, .. var seeds] => await Player.RunAsync(seeds, Console.Out),
        _ => 2,
    };
}
