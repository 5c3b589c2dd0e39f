namespace Actors.Host.Tests.Hostile;

/// <summary>What the generators ask of a source of chance.</summary>
internal static class RandomPicks
{
    public static T Pick<T>(this Random random, IReadOnlyList<T> choices) => choices[random.Next(choices.Count)];

    /// <summary>True once in so many times.</summary>
    public static bool OnceIn(this Random random, int times) => random.Next(times) == 0;
}
