namespace Actors.Engine.Configuration;

/// <summary><c>writer</c>.</summary>
public sealed record WriterSettings(bool Coalesce, AcknowledgeMode Acknowledge, Durability Durability, int BufferSize)
{
    internal static WriterSettings Read(ConfigReader reader) => new(
        reader.GetBool("coalesce"),
        reader.GetEnum<AcknowledgeMode>("acknowledge"),
        reader.GetEnum<Durability>("durability"),
        reader.GetBytes("buffer-size", 4 << 10, 1 << 20, powerOfTwo: true));
}
