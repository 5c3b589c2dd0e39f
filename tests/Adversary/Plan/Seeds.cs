namespace Actors.Adversary.Plan;

/// <summary>Seeds of parts, from the seed of the whole.</summary>
internal static class Seeds
{
    public static int Of(int seed, int part)
    {
        var mixed = ((ulong)(uint)seed * 0x9E3779B97F4A7C15) ^ ((ulong)(uint)part * 0xC2B2AE3D27D4EB4F);
        return (int)((mixed ^ (mixed >> 29)) & 0x7FFFFFFF);
    }
}
