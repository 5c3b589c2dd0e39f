using Actors.Bench.Contests;

namespace Actors.Bench.Groups;

/// <summary>Every group there is.</summary>
internal static class Catalogue
{
    /// <summary>The groups at a scale, in the order in which they are run.</summary>
    public static IReadOnlyList<Group> Groups(Scale scale) =>
    [
        StrictGroup.Create(scale),
        CoalescedGroup.Create(scale),
        ReadLinesGroup.Create(scale),
        GrowthGroup.Create(scale),
        ShardsGroup.Create(scale),
        MemoryGroup.Create(scale),
        ColdGroup.Create(scale),
        LatencyGroup.Create(scale),
        BlockGroup.Create(scale),
        FaceGroup.Create(scale),
        StreamsGroup.Create(scale),
    ];
}
