namespace Actors.Engine.Configuration;

/// <summary><c>backend.auto</c>.</summary>
public sealed record AutoSettings(int InlineTransferMax, int InlineTurnMax)
{
    internal static AutoSettings Read(ConfigReader reader) => new(
        reader.GetBytes("inline-transfer-max", 0, 1 << 20),
        reader.GetBytes("inline-turn-max", 0, 64 << 20));
}
