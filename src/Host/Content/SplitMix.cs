namespace Actors.Host.Content;

/// <summary>splitmix64 (Steele, Lea, Flood 2014): numbers that look random, from any seed, zero included.</summary>
internal struct SplitMix(ulong seed)
{
    /// <summary>2^64 over the golden ratio, odd: its multiples are spread evenly.</summary>
    public const ulong Gamma = 0x9E3779B97F4A7C15;

    private ulong _state = seed;

    /// <summary>The next number.</summary>
    public ulong Next() => Mix(_state += Gamma);

    /// <summary>Turns different numbers into different ones without visible connection; but 0 into 0.</summary>
    public static ulong Mix(ulong z)
    {
        z = (z ^ (z >> 30)) * 0xBF58476D1CE4E5B9;
        z = (z ^ (z >> 27)) * 0x94D049BB133111EB;
        return z ^ (z >> 31);
    }
}
