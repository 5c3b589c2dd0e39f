namespace Actors.Adversary.Plan;

/// <summary>Seeded numbers for several threads.</summary>
internal sealed class SharedDice(int seed) : Random(seed)
{
    private readonly Lock _gate = new();

    public override int Next(int maxValue)
    {
        lock (_gate)
        {
            return base.Next(maxValue);
        }
    }

    public override int Next(int minValue, int maxValue)
    {
        lock (_gate)
        {
            return base.Next(minValue, maxValue);
        }
    }

    public override int Next()
    {
        lock (_gate)
        {
            return base.Next();
        }
    }
}
