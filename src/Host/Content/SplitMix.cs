namespace Actors.Host.Content;

/// <summary>The finaliser of splitmix64 (Steele, Lea, Flood 2014): turns any number into one that looks random, and
/// different numbers into different ones.</summary>
internal static class SplitMix
{
    public static ulong Mix(ulong z)
    {
        z = (z ^ (z >> 30)) * 0xBF58476D1CE4E5B9;
        z = (z ^ (z >> 27)) * 0x94D049BB133111EB;
        return z ^ (z >> 31);
    }
}
