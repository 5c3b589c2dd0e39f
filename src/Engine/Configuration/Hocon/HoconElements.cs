using Akka.Configuration.Hocon;

namespace Actors.Engine.Configuration;

/// <summary>
/// An Akka configuration element that remembers where it was written. Akka keeps the elements when it merges
/// configurations (only an object that is itself merged is made anew), so a reader of the merged configuration can
/// still name file and line of a value.
/// </summary>
internal interface IPositionedElement
{
    SourcePosition Position { get; }
}

internal sealed class PositionedLiteral : HoconLiteral, IPositionedElement
{
    public PositionedLiteral(string text, SourcePosition position)
    {
        Value = text;
        Position = position;
    }

    public SourcePosition Position { get; }
}

internal sealed class PositionedArray(SourcePosition position) : HoconArray, IPositionedElement
{
    public SourcePosition Position => position;
}

internal sealed class PositionedObject(SourcePosition position) : HoconObject, IPositionedElement
{
    public SourcePosition Position => position;
}
